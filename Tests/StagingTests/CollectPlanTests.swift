import Content
import Testing
import Vocabulary

@testable import Staging

/// Which rank writes what where, and what is refused, in a job of `collect`.
struct CollectPlanTests {
    private typealias Conflict = CollectConflicts.Conflict

    private func plan(
        _ surveys: [Rank: Survey], isOfEachRank: Bool = false, goesInto: Bool = false,
        _ lists: [[TreeEntry]]
    ) throws -> StagePlan {
        var wish = try Samples.wish("s")
        var collecting = StageWish.Collect()
        collecting.isOfEachRank = isOfEachRank
        wish.sharing = .collected(collecting)
        wish.goesInto = goesInto
        let views = SharedView.all(of: surveys, wish)
        try #require(views.count == lists.count)
        return try StagePlan(
            wish, surveys: surveys, views: views, listings: lists, StagePlan.Terms(job: 9))
    }

    private func seen(
        _ host: String, to destination: String = "/r/out", inode: UInt64 = 5,
        isFolder: Bool = true
    ) -> Survey {
        Samples.survey(host, [Samples.sight(inode, isFolder: isFolder)], to: destination)
    }

    private func tree(_ names: String...) throws -> [TreeEntry] {
        try [Samples.folder("s")] + names.map { try Samples.file("s/\($0)") }
    }

    private func place(_ folder: String, _ name: String?) throws -> Landing {
        Landing(folder: folder, name: try name.map { try RelativePath($0) })
    }

    /// Folders that two nodes make at the same moment may have the same number, length and date.
    @Test func eachNodeIsASourceOfItsOwn() throws {
        let plan = try plan(
            Samples.surveys(seen("a"), seen("b"), seen("b"), Samples.survey("c", [nil])),
            [try tree("x"), try tree("y")])
        #expect(plan.contents.count == 2)
        #expect(plan.contents.map(\.origin.publisher) == [Rank(0), Rank(1)])
        for rank in 0..<4 {
            let order = try #require(plan.orders[Rank(Int32(rank))])
            let landing = rank == 0 ? try place("/r", "out") : nil
            #expect(order.landing == landing && order.writer == nil)
            #expect(order.duties.map(\.landing) == [landing, landing])
            #expect(order.receivers == [Rank(0)])
        }
        #expect(plan.orders[Rank(0)]?.duties.map(\.isWanted) == [true, true])
        #expect(plan.orders[Rank(1)]?.duties.map(\.isWanted) == [false, true])
        // It sees the source of the rank beside it, and could read on.
        #expect(plan.orders[Rank(2)]?.duties.map(\.standsBy) == [false, true])
        #expect(plan.orders[Rank(3)]?.duties.map(\.isWanted) == [false, false])
    }

    @Test func placeholdersKeepTheCopiesApart() throws {
        let plan = try plan(
            Samples.surveys(
                seen("a", to: "/r/{host}/{rank}.d"), seen("b", to: "/r/{host}/{rank}.d")),
            [try tree("x"), try tree("x")])
        let writer = try #require(plan.orders[.first])
        #expect(writer.landing == (try place("/r", nil)))
        let landings = [try place("/r/a", "0.d"), try place("/r/b", "1.d")]
        #expect(writer.duties.map(\.landing) == landings)
    }

    @Test func aRankWithItsOwnPathIsASource() throws {
        let plan = try plan(
            Samples.surveys(seen("a"), seen("a")), isOfEachRank: true,
            [try tree("x"), try tree("y")])
        #expect(plan.contents.map(\.origin.publisher) == [Rank(0), Rank(1)])
    }

    /// Also where they agree in length and date, which would make them one file for `stage`.
    @Test func filesOfTwoRanksWithOnePathAreRefused() throws {
        let surveys = Samples.surveys(seen("a"), seen("b"), seen("c"))
        #expect(
            throws: StageError.conflicts(
                CollectConflicts(
                    named: [
                        Conflict(path: "/r/out/x", first: Rank(0), second: Rank(1)),
                        Conflict(path: "/r/out/z", first: Rank(1), second: Rank(2)),
                    ], more: 0))
        ) {
            try plan(surveys, [try tree("w", "x"), try tree("x", "z"), try tree("y", "z")])
        }
    }

    @Test func aFileWhereAnotherRankHasAFolderIsRefused() throws {
        let folder = try [Samples.folder("s"), Samples.folder("s/x"), Samples.file("s/x/y")]
        #expect(
            throws: StageError.conflicts(
                CollectConflicts(
                    named: [Conflict(path: "/r/out/x", first: Rank(0), second: Rank(1))],
                    more: 0))
        ) { try plan(Samples.surveys(seen("a"), seen("b")), [folder, try tree("x")]) }
        // A folder that both have is one.
        _ = try plan(
            Samples.surveys(seen("a"), seen("b")),
            [folder, try [Samples.folder("s"), Samples.folder("s/x"), Samples.file("s/x/z")]])
    }

    @Test func nodesOfOneNameMayNotMeetUnseen() throws {
        let surveys = Samples.surveys(
            Samples.survey("n", node: 1, [Samples.sight(5)], to: "/r/{host}"),
            Samples.survey("n", node: 2, [Samples.sight(6)], to: "/r/{host}"))
        #expect(throws: StageError.self) { try plan(surveys, [try tree("x"), try tree("x")]) }
        #expect(
            try plan(surveys, [try tree("x"), try tree("y")]).orders[.first]?.duties.count == 2)
    }

    @Test func conflictsAreCountedBeyondTheNames() throws {
        let names = (0..<50).map { "f\($0 + 10)" }
        let list = try [Samples.folder("s")] + names.map { try Samples.file("s/\($0)") }
        do {
            _ = try plan(Samples.surveys(seen("a"), seen("b")), [list, list])
            Issue.record("two ranks with the same files are no source")
        } catch StageError.conflicts(let conflicts) {
            #expect(conflicts.named.count == CollectedPaths.namedMax && conflicts.more == 30)
        }
    }

    @Test func filesGoIntoAFolderUnderTheirOwnNames() throws {
        let surveys = Samples.surveys(seen("a", isFolder: false), seen("b", isFolder: false))
        let plan = try plan(
            surveys, goesInto: true, [[try Samples.file("s.0")], [try Samples.file("s.1")]])
        #expect(
            plan.orders[.first]?.duties.map(\.landing)
                == [try place("/r/out", nil), try place("/r/out", nil)])
        #expect(throws: StageError.self) {
            try self.plan(surveys, [[try Samples.file("s.0")], [try Samples.file("s.1")]])
        }
    }

    /// Otherwise the folder would be as the source that is finished last has it.
    @Test func aFolderOfTwoRanksIsAsTheFirstHasItAndNoMoreOpen() throws {
        func folder(_ mode: UInt16, _ seconds: Int64) throws -> TreeEntry {
            let date = try #require(FileTime(seconds: seconds, nanoseconds: 0))
            return TreeEntry(
                path: try RelativePath("s"), body: .folder, mode: mode, modified: date)
        }
        let lists = [
            [try folder(0o555, 7), try Samples.file("s/x")],
            [try folder(0o750, 9), try Samples.file("s/y")],
            [try folder(0o3777, 8), try Samples.file("s/z")],
        ]
        let plan = try plan(Samples.surveys(seen("a"), seen("b"), seen("c")), lists)
        let tops = plan.contents.map { $0.entries[0] }
        #expect(tops == [TreeEntry](repeating: try folder(0o750, 7), count: 3))
    }
}
