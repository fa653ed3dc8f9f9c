package import Staging
package import Swarm
package import Vocabulary
package import Wire

/// The work of rank 0 before a job: afterwards the same transport carries the tracker.
package typealias StageCoordinatorNode<Network: Transport & ~Copyable> =
    MachineNode<StageCoordinator, Network>

extension StageCoordinator: NodeMachine {
    package static var ending: NodeEnding { .flushed }

    /// The tracker of the job judges floods.
    package static var judgesFloods: Bool { false }

    package var isOver: Bool { stage == .over }

    /// It wakes four times a lease, so a longer gap means that it was stopped.
    package mutating func stepping(after gap: Duration) {
        if gap >= lease / 2 { stoodStill(for: gap) }
    }

    package mutating func received(
        _ message: Message, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<StageCoordinatorEffect>
    ) throws(WireError) {
        guard case .tracker(let message) = message else { throw .malformed }
        try received(message, tail: tail, from: source, now: now, effects: &effects)
    }

    /// No survey from a rank that is not heard will ever be understood, so none is awaited.
    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, isHeard: Bool, now: Tick,
        effects: inout Effects<StageCoordinatorEffect>
    ) {
        if !isHeard { died(offender, effects: &effects) }
    }
}

extension MachineNode where Machine == StageCoordinator, Network: ~Copyable {
    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        tell(now: now) { $0.died(rank, effects: &$1) }
    }
}
