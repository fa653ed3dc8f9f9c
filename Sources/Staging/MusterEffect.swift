package import Swarm
package import Vocabulary
package import Wire

/// What the muster wants done.
package enum MusterEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
}

/// What a recruit wants done.
package enum RecruitEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// List what lies where this SOURCE is; answered by `listed` or `unlisted`.
    case list(source: Int)
    /// Take the destination, or let go of it; answered by `claimed` where it is taken.
    case claim(ClaimOrder)
}
