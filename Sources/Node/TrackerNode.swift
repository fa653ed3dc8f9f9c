package import Swarm
package import Vocabulary
package import Wire

/// A tracker at work.
package typealias TrackerNode<Network: Transport & ~Copyable> = MachineNode<Tracker, Network>

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

extension MachineNode where Machine == Tracker, Network: ~Copyable {
    package init(
        rules: TrackerRules, network: consuming Network, trace: Trace? = nil, now: Tick
    ) {
        self.init(network, trace: trace, now: now) { _, effects in
            Tracker(rules: rules, now: now, effects: &effects)
        }
    }

    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        tell(now: now) { $0.died(rank, now: now, effects: &$1) }
    }

    package mutating func giveUp(now: Tick) {
        tell(now: now) { $0.giveUp(now: now, effects: &$1) }
    }

    package mutating func takeWarnings() -> [TrackerWarning] {
        takeOrders().compactMap { if case .warn(let warning) = $0 { warning } else { nil } }
    }
}
