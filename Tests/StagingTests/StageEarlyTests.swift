import Content
import Swarm
import Testing
import Vocabulary
import Wire

@testable import Staging

/// Plans for an archive that is still being read.
struct StageEarlyTests {
    private let seen = Samples.survey("a", [Samples.sight(5)])
    private let listing = EarlyListing(partCount: 3, packedByteCount: 100 << 20)

    private func hall(_ rankCount: Int, extras: ExtraEntries = .counted) throws -> Hall {
        var wish = try Samples.wish("s")
        wish.hasOneReader = true
        return Hall(wish, rankCount: rankCount, extras: extras)
    }

    private func blind(_ host: String) -> Survey { Samples.survey(host, [nil]) }

    @Test func aRankThatHasNotListedYetReadsInParts() throws {
        var hall = try hall(3)
        try hall.survey(seen, from: 0)
        try hall.survey(blind("b"), from: 1)
        try hall.survey(blind("c"), from: 2)
        #expect(hall.drain() == [.list(source: 0, to: 0)])
        try hall.list(listing.encoded, from: 0)
        let plan = try #require(hall.coordinator.plan)
        #expect(plan.contents.isEmpty && plan.job == 100 && plan.roomContentCount == 1)
        let early = EarlyParts(count: 3, reader: .first)
        #expect(plan.early == early)
        let reader = try #require(plan.orders[.first])
        let share = ReadShare(position: 0, of: 1)
        #expect(reader.duties.map(\.share) == [share, share, share, share])
        #expect(reader.duties.map { $0.landing != nil } == [false, false, false, true])
        let order = try #require(plan.orders[Rank(2)])
        #expect(order.early == early && order.duties.allSatisfy { $0.share == nil })
        #expect(order.duties.map { $0.landing?.path } == .init(repeating: "/scratch/new", count: 4))
        #expect(order.pieceLength == PieceLength.automatic(total: 200 << 20))
        let bytes = order.encoded()
        #expect(try unsafe StageOrder(parsing: bytes.span.bytes) == order)
    }

    /// Rank 0 reports on the job, so it learns of the whole tree even if it keeps nothing of it.
    @Test func theReaderAnnouncesWhatItWillDescribe() throws {
        var order = StageOrder()
        order.early = EarlyParts(count: 2, reader: Rank(1))
        order.duties = [.init(), .init(), .init()]
        let names = (0..<3).map { StagedName.content($0) }
        let first = order.share(of: .first, describing: [])
        #expect(first.wants == [names[2]] && first.reading.isEmpty)
        #expect(order.share(of: Rank(2), describing: []).wants == [])
        let reader = order.share(of: Rank(1), describing: [])
        #expect(reader.reading.map(\.name) == names)
    }

    /// Copies on one host are granted room together, when the whole tree is known: then nothing
    /// travels before.
    @Test func aPlanWithoutAPlaceForPartsNeedsTheWholeList() throws {
        var hall = try hall(2)
        try hall.survey(Samples.survey("a", [Samples.sight(5)], to: "/scratch/0"), from: 0)
        try hall.survey(Samples.survey("a", [Samples.sight(5)], to: "/scratch/1"), from: 1)
        _ = hall.drain()
        try hall.list(listing.encoded, from: 0)
        #expect(hall.drain() == [.list(source: 0, to: 0)])
        #expect(hall.coordinator.stage == .listing && hall.coordinator.plan == nil)
        try hall.list(Samples.encoded([Samples.folder("s"), Samples.file("s/a")]), from: 0)
        #expect(hall.coordinator.plan?.contents.count == 1)
        #expect(hall.coordinator.plan?.early == nil)
    }

    @Test func whatTheEntriesDecideNeedsTheWholeList() throws {
        var hall = try hall(2, extras: .removed)
        try hall.survey(seen, from: 0)
        try hall.survey(blind("b"), from: 1)
        _ = hall.drain()
        try hall.list(listing.encoded, from: 0)
        #expect(hall.drain() == [.list(source: 0, to: 0)])
        try hall.list(listing.encoded, from: 0)
        #expect(hall.coordinator.refusal == .badListing(.first), "it is not asked for ever")
    }

    @Test func aListingThatMakesNoSenseIsRefused() throws {
        var wrong = [listing.encoded.dropLast(), listing.encoded + [0]].map { Array($0) }
        wrong.append(Array("MSWE".utf8) + [UInt8](repeating: 0, count: 12))
        for bytes in wrong {
            var hall = try hall(2)
            try hall.survey(seen, from: 0)
            try hall.survey(blind("b"), from: 1)
            try hall.list(bytes, from: 0)
            #expect(hall.coordinator.refusal == .badListing(.first))
        }
        #expect(try EarlyListing(parsing: listing.encoded) == listing)
        #expect(try EarlyListing(parsing: Array("no archive".utf8)) == nil)
    }
}
