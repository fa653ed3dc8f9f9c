import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The space that the ranks of one host need on its disks, and the ranks that are granted it.
struct TrackerRoomTests {
    private static func group() throws -> Group {
        var group = Group(3) { rules in
            rules.roomGroups = [[Rank(2), Rank(3)]]
            rules.roomContentCount = 1
        }
        try group.list([Group.owned("a", Group.content)], from: 1)
        for rank: Int32 in 2...3 { try group.list([Group.wanted("a")], from: rank) }
        _ = group.drain()
        return group
    }

    private static func measure(
        _ group: inout Group, _ needed: Int64, of available: Int64, from rank: Int32
    ) throws {
        try group.hear(
            .measured(
                Group.content, needed: ByteCount(needed), available: ByteCount(available)),
            tail: [1, 0, 0, 0, 0, 0, 0, 0], from: rank)
    }

    private static func room(_ isGranted: Bool, taken: Int64 = 0, to rank: Int32) -> Deed {
        .send(
            .room(Group.content, taken: ByteCount(taken), isGranted: isGranted), to: rank)
    }

    @Test func theHigherRankIsRefusedInAnyOrderOfMeasurements() throws {
        var group = try Self.group()
        try Self.measure(&group, 6, of: 10, from: 3)
        #expect(group.drain() == [])
        try Self.measure(&group, 6, of: 10, from: 2)
        #expect(
            group.drain() == [Self.room(true, to: 2), Self.room(false, taken: 6, to: 3)])
    }

    @Test func aRankThatGaveUpNeedsNothing() throws {
        var group = try Self.group()
        try Self.measure(&group, 6, of: 10, from: 3)
        try group.hear(.gaveUp(Group.content), from: 2)
        #expect(group.drain().contains(Self.room(true, to: 3)))
    }

    @Test func aLostRankIsNotWaitedFor() throws {
        var group = try Self.group()
        try Self.measure(&group, 6, of: 10, from: 3)
        try group.pass(11, alive: 1, 3)
        #expect(group.drain().contains(Self.room(true, to: 3)))
        // The rank was only silent, and gets what is left.
        try Self.measure(&group, 6, of: 10, from: 2)
        #expect(group.drain().contains(Self.room(false, taken: 6, to: 2)))
    }

    @Test(arguments: [[], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9]] as [[UInt8]])
    func aDeviceIsANumber(tail: [UInt8]) throws {
        var group = try Self.group()
        #expect(throws: WireError.self) {
            try group.hear(
                .measured(Group.content, needed: .zero, available: .zero), tail: tail, from: 2)
        }
    }
}
