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

    // MARK: Several writers

    /// The plan for a source of that many bytes at each of the ranks.
    private func plan(
        _ surveys: [Rank: Survey], writers: Int, seenBy ranks: [Int32], _ sizes: [Int64],
        to destination: String = "/r/out"
    ) throws -> StagePlan {
        var wish = try Samples.wish("s")
        var collecting = StageWish.Collect()
        collecting.writersMax = writers
        wish.sharing = .collected(collecting)
        wish.write(by: ranks.map { Rank($0) })
        let views = SharedView.all(of: surveys, wish)
        try #require(views.count == sizes.count)
        let lists = try sizes.enumerated().map { number, size in
            try [Samples.folder("s"), Samples.file("s/\(number)", size)]
        }
        return try StagePlan(
            wish, surveys: surveys, views: views, listings: lists, StagePlan.Terms(job: 9))
    }

    /// By content.
    private func writers(_ plan: StagePlan) -> [[Int32]] {
        plan.contents.indices.map { number in
            plan.orders.keys.sorted().filter { plan.orders[$0]?.duties[number].landing != nil }
                .map(\.raw)
        }
    }

    @Test func aRankThatWritesTakesItsOwnSource() throws {
        let surveys = Samples.surveys(seen("a"), seen("b"), seen("c"), seen("d"))
        let plan = try plan(surveys, writers: 3, seenBy: [0, 1, 2, 3], [5, 90, 5, 5])
        // The last one goes to the rank that has the least to write.
        #expect(writers(plan) == [[0], [1], [2], [0]])
        #expect(plan.orders[Rank(0)]?.receivers == [Rank(0), Rank(1), Rank(2)])
        let landing = try place("/r", "out")
        #expect(
            plan.orders.keys.sorted().map { plan.orders[$0]?.landing } == [
                landing, landing, landing, nil,
            ])
        #expect(plan.contents.map(\.origin.publisher.raw) == [0, 1, 2, 3])
    }

    @Test func oneWriterWritesEverythingWhateverOthersSee() throws {
        let surveys = Samples.surveys(seen("a"), seen("b"), seen("c"))
        let one = try plan(surveys, writers: 1, seenBy: [0, 1, 2], [5, 5, 5])
        #expect(writers(one) == [[0], [0], [0]] && one.orders[Rank(0)]?.receivers == [Rank(0)])
        let alone = try plan(surveys, writers: 8, seenBy: [0], [5, 5, 5])
        #expect(writers(alone) == [[0], [0], [0]])
    }

    @Test func aRankThatDoesNotSeeTheDestinationDoesNotWrite() throws {
        let surveys = Samples.surveys(seen("a"), seen("b"), seen("c"))
        let plan = try plan(surveys, writers: 3, seenBy: [0, 2], [5, 5, 5])
        #expect(writers(plan) == [[0], [0], [2]])
    }

    /// Two ranks of one node share its network card.
    @Test func ranksOfDifferentNodesWriteFirst() throws {
        let surveys = Samples.surveys(
            seen("a"), seen("a", inode: 6), seen("b"), seen("b", inode: 6), seen("c"))
        let plan = try plan(
            surveys, writers: 3, seenBy: [0, 1, 2, 3, 4], [10, 8, 10, 4, 10])
        #expect(writers(plan) == [[0], [0], [2], [2], [4]])
        #expect(plan.orders[Rank(0)]?.receivers == [Rank(0), Rank(2), Rank(4)])
    }

    /// Its command runs at the end, and its claim keeps other jobs out.
    @Test func theFirstRankAlwaysWritesSome() throws {
        let none = Samples.survey("a", [nil], to: "/r/out")
        let surveys = Samples.surveys(none, seen("b"), seen("c"))
        let plan = try plan(surveys, writers: 3, seenBy: [0, 1, 2], [5, 50])
        #expect(writers(plan) == [[1], [0]] || writers(plan) == [[0], [2]])
        let single = try self.plan(
            Samples.surveys(none, seen("b")), writers: 2, seenBy: [0, 1], [5])
        #expect(writers(single) == [[0]])
    }

    @Test func placeholdersHoldForEveryWriter() throws {
        let surveys = Samples.surveys(seen("a", to: "/r/{rank}"), seen("b", to: "/r/{rank}"))
        let plan = try plan(
            surveys, writers: 2, seenBy: [0, 1], [5, 5], to: "/r/{rank}")
        #expect(writers(plan) == [[0], [1]])
        #expect(plan.orders[Rank(1)]?.duties[1].landing == (try place("/r", "1")))
        #expect(plan.orders[Rank(1)]?.landing == (try place("/r", nil)))
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
