import Content
import Swarm
import Testing
import Vocabulary
import Wire

@testable import Staging

/// What rank 0 says, and to whom.
struct StageCoordinatorTests {
    private let seen = Samples.survey("a", [Samples.sight(5)])
    private let blind = Samples.survey("b", [nil])
    private let tree: [UInt8]

    init() throws {
        tree = try Samples.encoded([Samples.folder("s"), Samples.file("s/a")])
    }

    private func hall(
        _ rankCount: Int, _ change: (inout StageWish) -> Void = { _ in }
    ) throws -> Hall {
        var wish = try Samples.wish("s")
        change(&wish)
        return Hall(wish, rankCount: rankCount)
    }

    @Test func allRanksAreHeardThenOneListsThenAllGetOrders() throws {
        var hall = try hall(3)
        try hall.survey(blind, from: 2)
        try hall.survey(seen, from: 1)
        try hall.hear(.alive, from: 2)
        #expect(hall.drain() == [.alive(to: 2)])
        try hall.survey(blind, from: 0)
        #expect(hall.drain() == [.list(source: 0, to: 1)])
        try hall.list(tree, from: 1)
        let plan = try #require(hall.coordinator.plan)
        #expect(
            hall.drain()
                == (0..<3).map { .order(plan.orders[Rank($0)]!.encoded(), to: $0) })
        #expect(plan.contents.map(\.origin.publisher) == [Rank(1)])
        var duty = StageOrder.Duty(share: ReadShare(position: 0, of: 1))
        duty.landing = Landing(folder: "/scratch", name: try RelativePath("new"))
        #expect(plan.orders[Rank(1)]?.duties == [duty])
        duty.share = nil
        #expect(plan.orders[Rank(0)]?.duties == [duty])
        // Ranks 0 and 2 are on one node and have one destination.
        #expect(plan.orders[Rank(2)]?.writer == Rank(0))
        #expect(plan.orders[Rank(2)]?.landing == nil)
    }

    /// Two ranks with disks of their own list alike, and it is said once.
    @Test func entriesThatAreNotStagedAreKeptOnce() throws {
        var hall = try hall(2)
        for rank: Int32 in 0..<2 {
            try hall.survey(
                Samples.survey("\(rank)", [Samples.sight(5 + UInt64(rank))]), from: rank)
        }
        let found = try #require(LeftOut(.special, ["s/p", "s/q"].map { try RelativePath($0) }))
        for rank: Int32 in [0, 1, 0] {
            try hall.hear(.leftOut(source: 0, count: 2), found.encoded, from: rank)
        }
        #expect(hall.coordinator.leftOut == [found])
        // More than there are views cannot be new.
        for number in 0..<9 {
            try hall.hear(.leftOut(source: 0, count: 1), Array("\0\(number)".utf8), from: 1)
        }
        #expect(hall.coordinator.leftOut.count == 8)
        try hall.hear(.leftOut(source: 1, count: 1), Array("\0x".utf8), from: 0)
        for (count, text) in [
            (1, "\0a\0b"), (4, "\0a\0b"), (0, ""), (0, "\0"), (2, "\0a\0"), (1, "\u{3}a"),
            (1, "\0../a"),
        ] {
            #expect(throws: WireError.malformed) {
                try hall.hear(
                    .leftOut(source: 0, count: UInt32(count)), Array(text.utf8), from: 0)
            }
        }
    }

    /// One entry that its lister may not read ends the job, unless the rest is wanted.
    @Test(arguments: [false, true])
    func anUnreadableEntryEndsTheJobUnlessItKeepsGoing(keepsGoing: Bool) throws {
        var hall = try hall(2) { $0.keepsGoing = keepsGoing }
        try hall.survey(seen, from: 0)
        try hall.survey(blind, from: 1)
        let paths = try (0..<12).map { try RelativePath("s/\($0)") }
        let found = try #require(LeftOut(.unreadable, paths))
        #expect(found.names == paths)
        try hall.hear(.leftOut(source: 0, count: 12), found.encoded, from: 0)
        #expect(hall.coordinator.leftOut == [found])
        try hall.list(tree, from: 0)
        #expect(hall.coordinator.refusal == (keepsGoing ? nil : .unreadable(.first, found)))
        #expect((hall.coordinator.plan != nil) == keepsGoing)
    }

    /// A path that the command line names is on some rank, or the job does not begin.
    @Test(arguments: [false, true])
    func aNamedPathThatNoRankHasEndsTheJobUnlessItKeepsGoing(keepsGoing: Bool) throws {
        let names = try ["s/x", "s/gone", "s/shut", "s"].map { try RelativePath($0) }
        var hall = try hall(2) {
            $0.keepsGoing = keepsGoing
            $0.named = names
        }
        try hall.survey(seen, from: 0)
        try hall.survey(blind, from: 1)
        let shut = try #require(LeftOut(.excluded, [names[2]]))
        try hall.hear(.leftOut(source: 0, count: 1), shut.encoded, from: 0)
        try hall.list(
            Samples.encoded([try Samples.folder("s"), try Samples.file("s/x")]), from: 0)
        let missing = try #require(LeftOut(.missing, [names[1]]))
        #expect(hall.coordinator.refusal == (keepsGoing ? nil : .missing(missing)))
        #expect(hall.coordinator.leftOut == (keepsGoing ? [shut, missing] : [shut]))
        #expect((hall.coordinator.plan != nil) == keepsGoing)
    }

    /// One message holds a byte for the reason and the names, with a zero byte between each two.
    @Test(arguments: [(4096, 15), (4095, 16), (1023, 64), (1, 32_768)])
    func asManyUnreadableNamesTravelAsFit(byteCount: Int, nameCount: Int) throws {
        let path = try RelativePath(
            bytes: (0..<byteCount).map { UInt8(ascii: $0 % 2 == 0 || $0 == 4095 ? "a" : "/") })
        let paths = [RelativePath](repeating: path, count: 40_000)
        let found = try #require(LeftOut(.unreadable, paths))
        #expect(found.names.count == nameCount && found.count == 40_000)
        let bytes = found.encoded
        #expect(bytes.count == nameCount * (byteCount + 1) && bytes.count <= 65_536)
        #expect(try unsafe LeftOut(count: 40_000, parsing: bytes.span.bytes) == found)
        #expect(throws: WireError.malformed) {
            try unsafe LeftOut(count: UInt32(nameCount - 1), parsing: bytes.span.bytes)
        }
    }

    @Test func aSilentRankIsLeftOutAfterALease() throws {
        var hall = try hall(3)
        try hall.survey(seen, from: 0)
        try hall.survey(blind, from: 1)
        try hall.pass(.seconds(9), alive: [0, 1])
        #expect(hall.coordinator.stage == .surveying)
        try hall.pass(.seconds(2), alive: [0, 1])
        #expect(hall.drain().contains(.list(source: 0, to: 0)))
        try hall.list(tree, from: 0)
        let plan = try #require(hall.coordinator.plan)
        #expect(plan.orders[Rank(2)] == nil && plan.orders.count == 2)
        // Too late to matter.
        try hall.survey(blind, from: 2)
        #expect(hall.coordinator.stage == .over)
    }

    @Test func aRankThatSendsNoSurveyIsLeftOutThoughItLives() throws {
        var hall = try hall(2)
        try hall.survey(seen, from: 0)
        for _ in 0..<4 { try hall.pass(.seconds(2), alive: [0, 1]) }
        #expect(hall.coordinator.stage == .surveying)
        try hall.pass(.seconds(2), alive: [0, 1])
        #expect(hall.coordinator.stage == .listing && hall.coordinator.unresponsive == [Rank(1)])
    }

    /// Reading a large tree may take hours.
    @Test func aListMayTakeLong() throws {
        var hall = try hall(2)
        for rank: Int32 in 0...1 { try hall.survey(seen, from: rank) }
        for _ in 0..<100 { try hall.pass(.seconds(2), alive: [0, 1]) }
        #expect(hall.coordinator.stage == .listing && hall.coordinator.unresponsive == [])
    }

    @Test func aDeathThatIsCertainIsNotWaitedFor() throws {
        var hall = try hall(3)
        try hall.survey(seen, from: 0)
        try hall.survey(seen, from: 1)
        hall.die(2)
        #expect(hall.drain() == [.list(source: 0, to: 0)])
        try hall.list(tree, from: 0)
        #expect(hall.coordinator.plan?.orders.count == 2)
    }

    @Test func whenTheListerDiesAnotherLists() throws {
        var hall = try hall(3)
        for rank: Int32 in [0, 1] { try hall.survey(seen, from: rank) }
        try hall.survey(blind, from: 2)
        #expect(hall.drain() == [.list(source: 0, to: 0)])
        try hall.pass(.seconds(11), alive: [1, 2])
        #expect(hall.drain().contains(.list(source: 0, to: 1)))
        try hall.list(tree, from: 1)
        #expect(hall.coordinator.plan?.contents.map(\.origin.publisher) == [Rank(1)])
    }

    /// Its pages are on their way when the other lister is found to be gone.
    @Test func aListerIsAskedOnce() throws {
        var hall = try hall(3)
        let other = Samples.survey("c", [Samples.sight(6)])
        let third = Samples.survey("c", [Samples.sight(6)])
        try hall.survey(seen, from: 0)
        try hall.survey(other, from: 1)
        try hall.survey(third, from: 2)
        #expect(hall.drain() == [.list(source: 0, to: 0), .list(source: 0, to: 1)])
        let half = tree.count / 2
        try hall.hear(
            .listing(source: 0, page: 0, isLast: false), Array(tree[..<half]), from: 0)
        try hall.pass(.seconds(11), alive: [0, 2])
        let asked = hall.drain().filter { $0 != .alive(to: 0) && $0 != .alive(to: 2) }
        #expect(asked == [.list(source: 0, to: 2)])
        try hall.hear(.listing(source: 0, page: 1, isLast: true), Array(tree[half...]), from: 0)
        try hall.list(tree, from: 2)
        #expect(hall.coordinator.plan?.contents.count == 1)
    }

    @Test func withoutItsOnlySourceAJobIsRefused() throws {
        var hall = try hall(2)
        try hall.survey(seen, from: 0)
        try hall.survey(blind, from: 1)
        try hall.pass(.seconds(11), alive: [1])
        #expect(hall.coordinator.refusal == .nowhere(source: "s"))
        #expect(hall.drain().last == .order([], to: 1))
    }

    @Test func aRefusalIsSentToAll() throws {
        var hall = try hall(3)
        var survey = seen
        survey.refusal = "no rights"
        for rank: Int32 in 0..<3 { try hall.survey(rank == 1 ? survey : seen, from: rank) }
        #expect(hall.coordinator.refusal == .rank(Rank(1), "no rights"))
        #expect(hall.drain() == (0..<3).map { .order([], to: $0) })
    }

    @Test func aRankThatMayNotReadMayBeUnableTo() throws {
        var wish = try Samples.wish("s")
        wish.sourceRanks = [Rank(0)]
        wish.receiverRanks = [Rank(0)]
        var hall = Hall(wish, rankCount: 2)
        var survey = blind
        survey.refusal = "no rights"
        try hall.survey(seen, from: 0)
        try hall.survey(survey, from: 1)
        #expect(hall.drain() == [.list(source: 0, to: 0)])
    }

    @Test func aListerMayHaveWordsInsteadOfAList() throws {
        var hall = try hall(1)
        try hall.survey(seen, from: 0)
        try hall.list(Array("it is gone".utf8), from: 0)
        #expect(hall.coordinator.refusal == .rank(Rank(0), "it is gone"))
    }

    @Test(arguments: [[], [0xFF, 0xFE], Array("MSWT".utf8)])
    func aListThatMakesNoSenseIsNoPlan(bytes: [UInt8]) throws {
        var hall = try hall(1)
        try hall.survey(seen, from: 0)
        try hall.list(bytes, from: 0)
        #expect(hall.coordinator.stage == .over && hall.coordinator.plan == nil)
        #expect(hall.coordinator.refusal != nil)
    }

    /// It lives, and says nothing of use: nobody waits for it.
    @Test func pagesOutOfOrderLoseTheirSender() throws {
        var hall = try hall(2)
        try hall.survey(seen, from: 0)
        #expect(throws: WireError.malformed) {
            try hall.hear(.survey(page: 1, isLast: true), [0], from: 1)
        }
        #expect(hall.drain() == [.list(source: 0, to: 0)])
        #expect(throws: WireError.malformed) {
            try hall.hear(.listing(source: 0, page: 3, isLast: true), tree, from: 0)
        }
        #expect(hall.coordinator.refusal == .nowhere(source: "s"))
    }

    @Test func aListThatNobodyAskedForIsNotTaken() throws {
        var hall = try hall(2)
        try hall.list(tree, from: 1)
        for rank: Int32 in 0..<2 { try hall.survey(seen, from: rank) }
        try hall.list(tree, from: 1)
        try hall.list(tree, source: 9, from: 0)
        #expect(hall.coordinator.stage == .listing)
    }
}
