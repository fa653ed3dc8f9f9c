package import Staging
package import Swarm
package import Vocabulary
package import Wire

/// The work of every rank before a job: afterwards the same transport carries the downloader.
package typealias StageParticipantNode<Network: Transport & ~Copyable> =
    MachineNode<StageParticipant, Network>

extension StageParticipant: NodeMachine {
    package static var ending: NodeEnding { .atOnce }

    package mutating func received(
        _ message: Message, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<StageParticipantEffect>
    ) throws(WireError) {
        guard case .download(let message) = message else { throw .malformed }
        try received(message, tail: tail, from: source, now: now, effects: &effects)
    }

    /// No order from a rank that is not heard will ever be understood, so none is awaited.
    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, isHeard: Bool, now: Tick,
        effects: inout Effects<StageParticipantEffect>
    ) {
        if !isHeard { died(offender) }
    }
}

extension MachineNode where Machine == StageParticipant, Network: ~Copyable {
    package init(
        _ survey: Survey, network: consuming Network, trace: Trace? = nil, now: Tick
    ) {
        self.init(network, trace: trace, now: now) { _, effects in
            StageParticipant(survey, now: now, effects: &effects)
        }
    }

    /// Whether the messages of rank 0 make sense.
    package var understandsFirst: Bool { listens(to: .first) }

    package mutating func claimed(
        _ order: ClaimOrder, isFree: Bool, place: UInt64, now: Tick
    ) {
        tell(now: now) { $0.claimed(order, isFree: isFree, place: place, effects: &$1) }
    }

    package mutating func listed(
        source: Int, _ bytes: [UInt8], leftOut: [LeftOut], now: Tick
    ) {
        tell(now: now) {
            $0.listed(source: source, bytes, leftOut: leftOut, effects: &$1)
        }
    }

    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        tell(now: now) { machine, _ in machine.died(rank) }
    }
}
