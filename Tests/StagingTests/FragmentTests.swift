import Content
import Testing
import Vocabulary

@testable import Staging

/// Files that are described, and that no rank has whole.
struct FragmentTests {
    private static func part(
        _ path: String, _ length: Int64, _ ranges: Range<Int64>...
    ) throws -> TreeEntry {
        TreeEntry(
            path: try RelativePath(path),
            body: .file(
                length: length,
                extents: ranges.compactMap { Extent(start: $0.lowerBound, end: $0.upperBound) }),
            mode: 0o644, modified: Samples.time)
    }

    private static func plan(
        _ listings: [TreeEntry]..., described: Int64 = 20_000
    ) throws -> StagePlan {
        var surveys: [Rank: Survey] = [:]
        for position in 0...listings.count {
            let sight = position < listings.count ? Samples.sight(UInt64(position)) : nil
            surveys[Rank(Int32(position))] = Samples.survey("h\(position)", [sight])
        }
        var wish = try Samples.wish("t")
        wish.required = [try RelativePath("t/a"), try RelativePath("t/b")]
        wish.layout.pieceLength = described
        return try StagePlan(
            wish, surveys: surveys, views: SharedView.all(of: surveys, wish), listings: listings,
            StagePlan.Terms(job: 7))
    }

    @Test func aFileThatNoRankHasWholeIsAContentOfItsOwn() throws {
        let plan = try Self.plan(
            [Samples.folder("t"), Samples.file("t/a"), Self.part("t/b", 100_000, 0..<60_000)],
            [Samples.folder("t"), Self.part("t/b", 100_000, 40_000..<100_000)])
        // The folder that both have, the file that one has, and this.
        #expect(plan.contents.count == 3)
        let fragment = try #require(plan.contents.last)
        #expect(fragment.entries.map(\.path.description) == ["t", "t/b"])
        #expect(fragment.geometry.pieceLength == ByteCount(20_000))
        #expect(fragment.origin.publisher == Rank(0))
        let duties = (0..<3).compactMap { plan.orders[Rank($0)]?.duties.last }
        #expect(duties.map(\.isPartial) == [true, true, false])
        #expect(duties.map { $0.share == nil } == [false, false, true])
        for order in plan.orders.values {
            #expect(order.duties.map(\.isFragment) == [false, false, true])
        }
    }

    @Test func oneRankWithAWholeFileIsEnough() throws {
        let plan = try Self.plan(
            [Samples.folder("t"), Samples.file("t/a"), Self.part("t/b", 10, 0..<5)],
            [Samples.folder("t"), Samples.file("t/b", 10)])
        #expect(plan.contents.count == 3)
        #expect(!plan.orders.values.contains { $0.duties.contains(where: \.isPartial) })
    }

    /// A piece has to be whole somewhere.
    @Test(arguments: [(50_000, 70_000), (60_000, 60_001), (30_000, 35_000)])
    func aPieceOnNoRankIsMissing(end: Int64, start: Int64) throws {
        #expect(throws: StageError.incomplete(path: try RelativePath("t/b"), more: 0)) {
            try Self.plan(
                [Samples.folder("t"), Samples.file("t/a"), Self.part("t/b", 100_000, 0..<end)],
                [Samples.folder("t"), Self.part("t/b", 100_000, start..<100_000)])
        }
    }

    /// Nobody has so many short pieces in a row as would usually go together.
    @Test func piecesAreAsShortAsTheyHaveToBe() throws {
        let even = stride(from: Int64(0), to: 1 << 20, by: 4096).compactMap {
            Extent(start: $0, end: $0 + 2048)
        }
        let odd = even.compactMap { Extent(start: $0.start + 2048, end: $0.end + 2048) }
        let path = try RelativePath("t/b")
        let holed = [even, odd].map { parts in
            TreeEntry(
                path: path, body: .file(length: 1 << 20, extents: parts),
                mode: 0o644, modified: Samples.time)
        }
        let plan = try Self.plan(
            [Samples.folder("t"), Samples.file("t/a"), holed[0]], [Samples.folder("t"), holed[1]],
            described: 512)
        #expect(plan.contents.last?.geometry.pieceLength == ByteCount(2048))
    }

    @Test func shortPiecesAreTakenTogether() throws {
        let plan = try Self.plan(
            [Samples.folder("t"), Samples.file("t/a"), Self.part("t/b", 1 << 20, 0..<1 << 19)],
            [Samples.folder("t"), Self.part("t/b", 1 << 20, 1 << 19..<1 << 20)],
            described: 512)
        #expect(plan.contents.last?.geometry.pieceLength == ByteCount(16_384))
    }
}
