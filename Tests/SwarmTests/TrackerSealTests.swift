import Swarm
import Testing
import Vocabulary
import Wire

/// Contents that no rank has from the start, and whose digests become final later.
struct TrackerSealTests {
    private static let seal: [UInt8] = Array(1...16)

    private static func sealed(_ group: inout Group, from rank: Int32) throws {
        try group.hear(.seal(Group.content), tail: seal, from: rank)
    }

    private static func word(to rank: Int32) -> Deed {
        .send(.seal(Group.content), to: rank, tail: seal)
    }

    @Test func everyMemberGetsTheSealOnce() throws {
        var group = try Group.running(3)
        for rank in Int32(2)...3 { try group.ask("a", from: rank) }
        _ = group.drain()
        try Self.sealed(&group, from: 1)
        #expect(group.drain() == [1, 2, 3].map { Self.word(to: $0) })
        try Self.sealed(&group, from: 1)
        #expect(group.drain() == [])
        #expect(group.tracker.violations == 0)
        try group.hear(.seal(Group.content), tail: [1], from: 1)
        #expect(group.drain() == [])
        #expect(group.tracker.violations == 1)
    }

    /// While the publisher digests, its members lack nothing but the seal for long. They need a
    /// moment to prove their pieces once they have it.
    @Test func theSealEndsTheStallsOfThoseThatWaitedForIt() throws {
        var group = try Group.running(3)
        try group.hear(.publishes(Group.content), from: 1)
        for rank in Int32(2)...3 { try group.ask("a", from: rank) }
        for rank in Int32(2)...3 { try group.stall(0, missing: 0, from: rank) }
        try group.pass(300, alive: 1, 2, 3)
        try Self.sealed(&group, from: 1)
        _ = group.drain()
        try group.pass(5, alive: 1)
        #expect(group.drain() == [])
    }

    /// It does not know yet that the name stands for this content, and would drop the seal.
    @Test func aMemberThatHasOnlyListedTheNameGetsTheSealWithTheSwarm() throws {
        var group = try Group.running(3)
        _ = group.drain()
        try Self.sealed(&group, from: 1)
        #expect(group.drain() == [Self.word(to: 1)])
        try group.ask("a", from: 2)
        #expect(group.drain().last == Self.word(to: 2))
    }

    @Test func aLaterMemberGetsTheSealWithTheSwarmOnce() throws {
        var group = Group(2)
        try group.list([try Group.owned("a", Group.content)], from: 1)
        try group.list([], from: 2)
        try Self.sealed(&group, from: 1)
        _ = group.drain()
        try group.ask("a", from: 2)
        let deeds = group.drain()
        #expect(deeds.count == 2 && deeds.last == Self.word(to: 2))
        try group.ask("a", from: 2)
        #expect(group.drain().count == 1)
    }

    /// A rank joins again after a message of its tracker that it could not read.
    @Test func aMemberThatJoinsAgainGetsTheSealAgain() throws {
        var group = try Group.running(3)
        for rank in Int32(2)...3 { try group.ask("a", from: rank) }
        try Self.sealed(&group, from: 1)
        try group.hear(.join, from: 2)
        _ = group.drain()
        try group.ask("a", from: 2)
        #expect(group.drain().contains(Self.word(to: 2)))
        try group.ask("a", from: 3)
        #expect(!group.drain().contains(Self.word(to: 3)))
    }

    @Test(arguments: [[], [UInt8](repeating: 1, count: 33)])
    func aSealIsADigest(tail: [UInt8]) throws {
        var group = try Group.running(2)
        #expect(throws: WireError.malformed) {
            try group.hear(.seal(Group.content), tail: tail, from: 1)
        }
    }

    /// A rank that describes a content is a member that others may ask for its manifest, but no
    /// seed.
    @Test func aDescribedContentIsKnownAndHasNoSeed() throws {
        var group = Group(2)
        try group.list(
            [
                .described(
                    try RelativePath("a"), Group.content, size: ByteCount(100), pieces: 10,
                    manifest: Descriptor(inline: [1]))
            ], from: 1)
        try group.list([try Group.wanted("a")], from: 2)
        _ = group.drain()
        try group.ask("a", from: 2)
        guard case .send(.download(.swarm(_, _, seeds: 0, peers: 1)), 2, _)? = group.drain().first
        else {
            Issue.record("it is not known")
            return
        }
        // The describing rank wants nothing, so it is not waited for.
        try group.stall(from: 2)
        for _ in 0..<3 {
            try group.pass(4, alive: 1, 2)
            try group.stall(from: 2)
        }
        #expect(group.drain().contains(.send(.swarmLost(Group.content, missing: 3), to: 2)))
    }

    @Test func theReasonWhyAPeerCannotBeginIsKept() throws {
        var group = try Group.running(2)
        try group.hear(.prepared(.notReady), tail: Array("no room".utf8), from: 2)
        try group.hear(.prepared(.notReady), tail: Array("later".utf8), from: 2)
        #expect(group.tracker.peers[1].trouble == "no room")
        #expect(group.stage(of: 2) == .joined)
    }

    /// The peer goes on, and cannot fill the user's screen.
    @Test func warningsArePrintedUpToALimit() throws {
        var group = try Group.running(2)
        for number in 0..<20 {
            try group.hear(.prepared(.warned), tail: Array("\(number)".utf8), from: 2)
        }
        #expect(group.drain() == (0..<8).map { .warn(.noted(Rank(2), "\($0)")) })
        #expect(group.tracker.peers[1].trouble.isEmpty)
        #expect(throws: WireError.malformed) { try group.hear(.prepared(.warned), from: 2) }
    }
}
