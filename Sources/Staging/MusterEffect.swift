package import Swarm
package import Vocabulary
package import Wire

/// An action that the muster asks for.
package enum MusterEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
}

/// An action that a recruit asks for.
package enum RecruitEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// List the entries of this SOURCE; answered by `listed` or `unlisted`.
    case list(source: Int)
    /// Take the destination, or let go of it; answered by `claimed` where it is taken.
    case claim(ClaimOrder)
}
