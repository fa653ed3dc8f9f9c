/// A peer's role in the swarm of a content that its tracker does not know yet.
struct Claim: Equatable, Sendable {
    enum Role: Equatable, Sendable {
        case seed
        case publisher
        /// The peer was the publisher, and another rank has to take over.
        case noPublisher
        case reader
        /// The publisher's table of digests is final, and this is its digest.
        case sealed([UInt8])
    }

    let peer: Int
    let role: Role
}
