package import Vocabulary

/// The members of a swarm, seeds and peers apart, as a tail carries them: one number each.
package struct MemberList: Equatable, Sendable {
    package var seeds: [Rank]
    package var peers: [Rank]

    /// No answer has more neighbours.
    package static let countMax = 4096

    package init(seeds: [Rank], peers: [Rank]) {
        self.seeds = seeds
        self.peers = peers
    }

    package func contains(_ rank: Rank) -> Bool { seeds.contains(rank) || peers.contains(rank) }

    package init(
        reading tail: RawSpan, seeds: UInt32, peers: UInt32, at cursor: inout Int
    ) throws(WireError) {
        guard Int(seeds) + Int(peers) <= Self.countMax else { throw .malformed }
        self.init(seeds: [], peers: [])
        for _ in 0..<seeds { self.seeds.append(try tail.readRank(&cursor)) }
        for _ in 0..<peers { self.peers.append(try tail.readRank(&cursor)) }
    }

    package func write(to tail: inout [UInt8]) {
        for rank in seeds { tail.write(rank) }
        for rank in peers { tail.write(rank) }
    }
}
