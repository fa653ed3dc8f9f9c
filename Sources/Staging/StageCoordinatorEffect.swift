package import Swarm

/// An action that the coordinator asks for.
package typealias StageCoordinatorEffect = NetworkEffect<Never>

/// An action that a participant asks for.
package typealias StageParticipantEffect = NetworkEffect<StageParticipantOrder>

/// What a participant asks of the program.
package enum StageParticipantOrder: Equatable, Sendable {
    /// List the entries of this SOURCE; answered by `listed`.
    case list(source: Int)
    /// Take the destination, or release it; answered by `claimed` if it is to be taken.
    case claim(ClaimOrder)
}
