import Testing
import Vocabulary
import Wire

@testable import Staging

/// What becomes of entries that copies have and sources lack.
struct StageExtrasTests {
    /// An entry that could not be listed looks like one that no source has, and is not removed.
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func extrasAreRemovedOnlyIfAllOfTheSourceIsKnown(mirrors: Bool, isBarred: Bool) throws {
        var wish = try Samples.wish("s")
        wish.keepsGoing = true
        var hall = Hall(wish, rankCount: 2, extras: mirrors ? .removed : .counted)
        try hall.survey(Samples.survey("a", [Samples.sight(5)]), from: 0)
        try hall.survey(Samples.survey("b", [nil]), from: 1)
        let reason = isBarred ? LeftOut.Reason.unreadable : .special
        let found = try #require(LeftOut(reason, [RelativePath("s/x")]))
        try hall.hear(.leftOut(source: 0, count: 1), found.encoded, from: 0)
        try hall.list(
            Samples.encoded([Samples.folder("s"), Samples.file("s/a")]), from: 0)
        let plan = try #require(hall.coordinator.plan)
        let expected: ExtraEntries = isBarred ? .ignored : mirrors ? .removed : .counted
        #expect(plan.orders.values.allSatisfy { $0.extras == expected })
    }

    /// The file that one rank sees could not have extras.
    @Test func onlyFoldersAreMirrored() throws {
        for mirrors in [false, true] {
            var hall = Hall(
                try Samples.wish("s"), rankCount: 1, extras: mirrors ? .removed : .counted)
            var sight = Samples.sight(5)
            sight.isFolder = false
            try hall.survey(Samples.survey("a", [sight]), from: 0)
            try hall.list(Samples.encoded([Samples.file("s")]), from: 0)
            #expect(hall.coordinator.refusal == (mirrors ? .noFolder : nil))
            guard !mirrors else { continue }
            #expect(hall.coordinator.plan?.orders[.first]?.extras == .ignored)
        }
    }

    private func hall(rankCount: Int, _ wish: StageWish? = nil) throws -> Hall {
        Hall(try wish ?? Samples.wish("s"), rankCount: rankCount, extras: .removed)
    }

    private func encoded(_ files: String...) throws -> [UInt8] {
        try Samples.encoded([Samples.folder("s")] + files.map { try Samples.file($0) })
    }

    /// What only the lost rank had would look like entries that no source has.
    @Test(arguments: [false, true])
    func nothingIsRemovedAfterARankIsLost(isSilent: Bool) throws {
        var hall = try hall(rankCount: 2)
        try hall.survey(Samples.survey("a", [Samples.sight(5)]), from: 0)
        if isSilent {
            for _ in 0..<30 { try hall.pass(.seconds(1), alive: [0]) }
        } else {
            try hall.survey(Samples.survey("b", [Samples.sight(6, device: 2)]), from: 1)
            hall.die(1)
        }
        try hall.list(encoded("s/a"), from: 0)
        #expect(hall.coordinator.doubt == .lost(Rank(1)))
        #expect(hall.coordinator.plan?.orders[.first]?.extras == .ignored)
    }

    /// A pipe of the source is not copied, and its name is not extra.
    @Test func namesThatAreNotCopiedAreKnown() throws {
        var hall = try hall(rankCount: 1)
        try hall.survey(Samples.survey("a", [Samples.sight(5)]), from: 0)
        let pipe = try RelativePath("s/pipe")
        let found = try #require(LeftOut(.special, [pipe]))
        try hall.hear(.leftOut(source: 0, count: 1), found.encoded, from: 0)
        try hall.list(encoded("s/a"), from: 0)
        let order = try #require(hall.coordinator.plan?.orders[.first])
        #expect(order.extras == .removed && order.others == [pipe])
    }

    @Test func moreSuchNamesThanTravelAreADoubt() throws {
        var hall = try hall(rankCount: 1)
        try hall.survey(Samples.survey("a", [Samples.sight(5)]), from: 0)
        let pipes = try (0..<9).map { try RelativePath("s/pipe\($0)") }
        let found = try #require(LeftOut(.special, pipes))
        try hall.hear(.leftOut(source: 0, count: 9), found.encoded, from: 0)
        try hall.list(encoded("s/a"), from: 0)
        #expect(hall.coordinator.doubt == .special)
        #expect(hall.coordinator.plan?.orders[.first]?.extras == .ignored)
    }

    /// A rank that does not read the source may have it inside its copy.
    @Test func aRefusalOfAReceiverCounts() throws {
        var wish = try Samples.wish("s")
        wish.sourceRanks = [.first]
        wish.receiverRanks = [Rank(1)]
        var hall = try hall(rankCount: 3, wish)
        try hall.survey(Samples.survey("a", [Samples.sight(5)]), from: 0)
        var other = Samples.survey("b", [nil])
        other.refusal = "SOURCE lies inside DEST"
        try hall.survey(other, from: 2)
        try hall.survey(other, from: 1)
        #expect(hall.coordinator.refusal == .rank(Rank(1), "SOURCE lies inside DEST"))
    }

    /// A source that is empty is often one that is not mounted.
    @Test func anEmptySourceIsRefused() throws {
        var hall = try hall(rankCount: 1)
        try hall.survey(Samples.survey("a", [Samples.sight(5)]), from: 0)
        try hall.list(encoded(), from: 0)
        #expect(hall.coordinator.refusal == .empty(source: "s"))
    }
}
