import Swarm
import Testing
import Vocabulary
import Wire

/// The ranks that take over from a publisher that is gone: all others have to believe them.
struct TrackerTrustTests {
    /// Rank 1 publishes, and rank 4 complains of rank 2.
    private static func accusing() throws -> Group {
        var group = try Group.running(5)
        try group.hear(.publishes(Group.content), from: 1)
        for rank in Int32(2)...5 { try group.ask("a", from: rank) }
        try group.hear(.accused(Rank(2), .nonsense), from: 4)
        return group
    }

    private static func named(_ deeds: [Deed]) -> [Rank] {
        deeds.compactMap { deed in
            if case .send(.download(.publisher(_, let rank)), _, _) = deed { rank } else { nil }
        }
    }

    /// All are stalled when the publisher leaves, and one of them is named at once.
    @Test(arguments: [true, false])
    func anHeirIsPreferablyARankOfWhichNoneComplains(isAnotherThere: Bool) throws {
        var group = try Self.accusing()
        for rank in Int32(2)...5 {
            let missing: UInt32 = rank == 2 || isAnotherThere && rank == 3 ? 0 : 1
            try group.stall(UInt64(missing), missing: missing, from: rank)
        }
        _ = group.drain()
        try group.hear(.leave, from: 1)
        for rank in Int32(2)...5 {
            let missing: UInt32 = rank == 2 || isAnotherThere && rank == 3 ? 0 : 1
            try group.stall(UInt64(missing), missing: missing, from: rank)
        }
        let named = Self.named(group.drain())
        #expect(!named.isEmpty && named.allSatisfy { $0 == Rank(isAnotherThere ? 3 : 2) })
    }

    /// The member that complains understands nothing of the publisher, and all others have what it
    /// waits for.
    @Test(arguments: [true, false])
    func anAccusedPublisherIsReplacedOnceItsTableIsFinal(isSealed: Bool) throws {
        var group = try Group.running(5)
        try group.hear(.publishes(Group.content), from: 1)
        for rank in Int32(2)...5 { try group.ask("a", from: rank) }
        try group.hear(.accused(Rank(1), .nonsense), from: 4)
        if isSealed { try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 1) }
        for rank in Int32(2)...3 { try group.hear(.fileCompleted(Group.content), from: rank) }
        _ = group.drain()
        for _ in 0..<8 {
            try group.stall(0, missing: 0, from: 4)
            try group.pass(1, alive: 1, 2, 3, 5)
        }
        #expect(Self.named(group.drain()).contains(Rank(2)) == isSealed)
    }

    @Test func aWitnessIsPreferablyARankOfWhichNoneComplains() throws {
        var group = try Self.accusing()
        try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 1)
        for rank in Int32(2)...3 { try group.hear(.fileCompleted(Group.content), from: rank) }
        try group.hear(.leave, from: 1)
        _ = group.drain()
        try group.stall(0, missing: 0, from: 4)
        for _ in 0..<5 { try group.pass(1, alive: 2, 3, 4, 5) }
        #expect(Self.named(group.drain()) == [Rank(3), Rank(4)])
    }
}
