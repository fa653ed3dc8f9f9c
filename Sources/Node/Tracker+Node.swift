package import Swarm
package import Vocabulary
package import Wire

extension Tracker: NodeMachine {
    package var isOver: Bool { stage == .over }

    /// A tracker wakes four times a lease, so a longer gap means that it was stopped.
    package mutating func stepping(after gap: Duration) {
        if gap >= rules.lease / 2 { stoodStill(for: gap) }
    }

    package mutating func received(
        _ message: Message, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .tracker(let message):
            try received(message, tail: tail, from: source, now: now, effects: &effects)
        case .overlay(let message):
            try received(message, tail: tail, from: source, now: now, effects: &effects)
        case .download, .upload: throw .malformed
        }
    }

    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, isHeard: Bool, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) {
        suffered(complaint, of: offender, now: now, effects: &effects)
    }
}
