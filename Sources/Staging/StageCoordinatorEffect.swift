package import Swarm
package import Vocabulary
package import Wire

/// An action that the coordinator asks for.
package enum StageCoordinatorEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
}

/// An action that a participant asks for.
package enum StageParticipantEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// List the entries of this SOURCE; answered by `listed` or `unlisted`.
    case list(source: Int)
    /// Take the destination, or release it; answered by `claimed` if it is to be taken.
    case claim(ClaimOrder)
}
