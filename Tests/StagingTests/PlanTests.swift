import Content
import Testing
import Vocabulary

@testable import Staging

/// Who does what.
struct PlanTests {
    private func plan(
        _ surveys: [Rank: Survey], isFolder: Bool = true,
        _ change: (inout StageWish) -> Void = { _ in }
    ) throws -> StagePlan {
        var wish = try Samples.wish("s")
        change(&wish)
        let views = SharedView.all(of: surveys, wish)
        let list = [try isFolder ? Samples.folder("s") : Samples.file("s", 100)]
        return try StagePlan(
            wish, surveys: surveys, views: views, listings: views.map { _ in list },
            StagePlan.Terms(job: 9))
    }

    private func seen(
        _ host: String, to destination: String = "/scratch/new", isFolder: Bool = true,
        isThere: Bool = false
    ) -> Survey {
        Samples.survey(
            host, [Samples.sight(5, isFolder: isFolder)], to: destination, isFolder: isThere)
    }

    private func blind(_ host: String, to destination: String = "/scratch/new") -> Survey {
        Samples.survey(host, [nil], to: destination)
    }

    @Test func oneRankOfANodeWritesForTheOthers() throws {
        let plan = try plan(
            Samples.surveys(blind("a"), seen("a"), blind("b"), blind("b"), blind("b", to: "/x")))
        // Who sees the source writes.
        #expect(plan.orders[Rank(1)]?.landing?.folder == "/scratch")
        #expect(plan.orders[Rank(1)]?.landing?.name == (try RelativePath("new")))
        #expect(plan.orders[Rank(0)]?.writer == Rank(1))
        #expect(plan.orders[Rank(2)]?.landing != nil)
        #expect(plan.orders[Rank(3)]?.writer == Rank(2))
        #expect(plan.orders[Rank(4)]?.landing?.folder == "/")
        for (_, order) in plan.orders { #expect((order.landing == nil) == (order.writer != nil)) }
        // Only the second node has two copies that may be too much together.
        #expect(plan.roomGroups == [[Rank(2), Rank(4)]])
        #expect(plan.orders.filter(\.value.sharesRoom).keys.sorted() == [Rank(2), Rank(4)])
    }

    /// As containers on many nodes may have.
    @Test func nodesWithOneNameGetACopyEach() throws {
        let plan = try plan(
            Samples.surveys(
                Samples.survey("name", node: 1, [Samples.sight(5)]),
                Samples.survey("name", node: 2, [nil]), Samples.survey("name", node: 2, [nil])))
        #expect(plan.orders[Rank(0)]?.landing != nil)
        #expect(plan.orders[Rank(1)]?.landing != nil)
        #expect(plan.orders[Rank(2)]?.writer == Rank(1))
        #expect(plan.roomGroups == [])
    }

    @Test func theDestinationIsOneDecisionForAll() throws {
        // A folder is what DEST says, whatever is there.
        let surveys = Samples.surveys(seen("a", isThere: true), blind("b"))
        #expect(try plan(surveys).orders[Rank(1)]?.landing?.name == (try RelativePath("new")))
        let into = try plan(surveys) { $0.goesInto = true }
        for rank in 0..<2 {
            #expect(
                into.orders[Rank(Int32(rank))]?.landing
                    == Landing(folder: "/scratch/new", name: nil))
        }
        // A file goes into a folder that any receiver has.
        let file = Samples.surveys(
            seen("a", isFolder: false),
            Samples.survey("b", [nil], isFolder: true))
        for rank in 0..<2 {
            #expect(
                try plan(file, isFolder: false).orders[Rank(Int32(rank))]?.landing
                    == Landing(folder: "/scratch/new", name: nil))
        }
        let apart = try plan(file, isFolder: false) { $0.receiverRanks = [Rank(0)] }
        #expect(apart.orders[Rank(0)]?.landing?.name == (try RelativePath("new")))
        #expect(apart.orders[Rank(1)]?.landing == nil)
    }

    private func planLibraries(
        to destination: String, hasLibraries: Bool = true, goesInto: Bool = false
    ) throws -> StagePlan {
        var wish = try Samples.wish("s")
        wish.hasOneReader = true
        wish.goesInto = goesInto
        let surveys = Samples.surveys(seen("a", to: destination, isFolder: false))
        var terms = StagePlan.Terms(job: 9)
        terms.librarySuffix = "_libs"
        let list =
            [try Samples.file("s", 100)] + (hasLibraries ? [try Samples.folder("s_libs")] : [])
        return try StagePlan(
            wish, surveys: surveys, views: SharedView.all(of: surveys, wish), listings: [list],
            terms)
    }

    /// Such a folder would be copied, and its libraries never found.
    @Test(arguments: [
        ("/a:b/p", ":", "/a:b/p_libs"), ("/a/p;q", ";", "/a/p;q_libs"),
        ("/$ORIGIN/p", "$ORIGIN", "/$ORIGIN/p_libs"),
        ("/a/${LIB}", "${LIB}", "/a/${LIB}_libs"),
    ])
    func aFolderThatTheLoaderCannotSearchIsRefused(
        destination: String, text: String, path: String
    ) throws {
        #expect(throws: StageError.unsearchable(Rank(0), path: path, text: text)) {
            try planLibraries(to: destination)
        }
        _ = try planLibraries(to: destination, hasLibraries: false)
        _ = try planLibraries(to: "/$a/b c,d=")
    }

    @Test func theFolderOfLibrariesHasANameThatFits() throws {
        let name = String(repeating: "n", count: 251)
        #expect(throws: StageError.longName(Rank(0), name + "_libs")) {
            try planLibraries(to: "/a/\(name)")
        }
        _ = try planLibraries(to: "/a/\(name)", hasLibraries: false)
        _ = try planLibraries(to: "/a/\(name)", goesInto: true)
        _ = try planLibraries(to: "/a/\(name.dropLast())")
    }

    @Test(arguments: ["/", "/a/.."])
    func aDestinationWithoutANameIsRefused(destination: String) throws {
        let surveys = Samples.surveys(seen("a"), blind("b", to: destination))
        #expect(throws: StageError.self) { try plan(surveys) }
    }

    /// Nobody who sees the source keeps a copy: two of them stand in for who reads it, and those of
    /// other nodes first.
    @Test func aRankWithoutACopyStandsInIfNoOtherDoes() throws {
        let surveys = Samples.surveys(
            seen("a"), seen("a"), seen("b"), seen("b"), seen("c"), blind("d"))
        let plan = try plan(surveys) {
            $0.receiverRanks = [Rank(5)]
        }
        #expect(plan.orders[Rank(0)]?.duties[0].share == ReadShare(position: 0, of: 1))
        let standing = (0..<6).map { plan.orders[Rank($0)]?.duties[0].standsBy }
        #expect(standing == [false, false, true, true, false, false])
    }

    @Test func readersShareASourceWithoutOverlap() throws {
        let surveys = Samples.surveys(seen("a"), seen("b"), seen("c"), blind("d"))
        let plan = try plan(surveys) { $0.readersMax = 2 }
        let shares = (0..<4).map { plan.orders[Rank($0)]?.duties[0].share }
        #expect(
            shares == [ReadShare(position: 0, of: 2), ReadShare(position: 1, of: 2), nil, nil])
        // They see the very same file.
        #expect(plan.orders[Rank(1)]?.duties[0].asksPublisher == false)
        // Each of them can read what the others do not, and the third one all.
        #expect(
            (0..<4).map { plan.orders[Rank($0)]?.duties[0].standsBy } == [true, true, true, false])
        for count in [0, 1, 2, 7, 64, 65] {
            let one = ReadShare(position: 0, of: 2).pieces(of: count)
            let two = ReadShare(position: 1, of: 2).pieces(of: count)
            #expect(one.count + two.count == count)
        }
    }

    @Test func theLowestHolderPublishes() throws {
        let plan = try plan(Samples.surveys(blind("a"), seen("b"), seen("c")))
        #expect(plan.contents.map(\.origin) == [.init(publisher: Rank(1), job: 9)])
        let other = try planFor([2])
        #expect(other.contents.map(\.origin.publisher) == [Rank(2)])
    }

    private func planFor(_ ranks: [Int32]) throws -> StagePlan {
        try plan(Samples.surveys(blind("a"), seen("b"), seen("c"))) {
            $0.receiverRanks = ranks.map { Rank($0) }
        }
    }

    @Test func aJobWithoutReceiversIsRefused() throws {
        #expect(throws: StageError.noReceiver) {
            try plan(Samples.surveys(seen("a"))) { $0.receiverRanks = [Rank(7)] }
        }
    }

    @Test func moreThanCanBeDescribedIsRefused() throws {
        let surveys = Samples.surveys(seen("a"))
        let wish = try Samples.wish("s")
        let views = SharedView.all(of: surveys, wish)
        let list = [
            try Samples.folder("s"), try Samples.file("s/a", .max), try Samples.file("s/b", .max),
        ]
        #expect(throws: StageError.tooMuch) {
            try StagePlan(
                wish, surveys: surveys, views: views, listings: [list], StagePlan.Terms(job: 1))
        }
    }

    /// Three ranks with a part each: as many contents as there are sets of holders.
    @Test func partsOfSeveralRanksAreContentsOfTheirOwn() throws {
        let surveys = Samples.surveys(
            Samples.survey("a", [Samples.sight(1)]), Samples.survey("b", [Samples.sight(2)]),
            Samples.survey("c", [nil]))
        let wish = try Samples.wish("s")
        let views = SharedView.all(of: surveys, wish)
        let folder = try Samples.folder("s")
        let plan = try StagePlan(
            wish, surveys: surveys, views: views,
            listings: [
                [folder, Samples.file("s/a"), Samples.file("s/both")],
                [folder, Samples.file("s/b"), Samples.file("s/both")],
            ], StagePlan.Terms(job: 50))
        #expect(plan.contents.map(\.origin.job) == [50, 51, 52])
        #expect(plan.contents.map(\.origin.publisher) == [Rank(0), Rank(0), Rank(1)])
        let whole = ReadShare(position: 0, of: 1)
        #expect(plan.orders[Rank(0)]?.duties.map(\.share) == [whole, whole, nil])
        #expect(plan.orders[Rank(1)]?.duties.map(\.share) == [nil, whole, whole])
        #expect(plan.orders[Rank(2)]?.duties.map(\.share) == [nil, nil, nil])
        // Only of what both have it has to ask what the publisher's is.
        #expect(plan.orders[Rank(0)]?.duties.map(\.asksPublisher) == [false, false, false])
        #expect(plan.orders[Rank(1)]?.duties.map(\.asksPublisher) == [false, true, false])
        #expect(plan.orders.values.allSatisfy { !$0.duties.contains { $0.standsBy } })
    }
}
