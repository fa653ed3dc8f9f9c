import Content
import Testing
import Vocabulary

@testable import Staging

/// Ranks that hold different parts of one tree.
struct HoldingTests {
    private static func merge(
        _ listings: [TreeEntry]..., sources: [Int]? = nil
    ) throws -> [String] {
        var surveys: [Rank: Survey] = [:]
        let count = (sources?.max() ?? 0) + 1
        for position in listings.indices {
            var sights = [SourceProbe?](repeating: nil, count: count)
            sights[sources?[position] ?? 0] = Samples.sight(UInt64(position))
            surveys[Rank(Int32(position * 10))] = Samples.survey("h\(position)", sights)
        }
        let names = (0..<count).map { "s\($0)" }
        let wish = StageWish(sources: names, names: try names.map { try RelativePath($0) })
        let views = SharedView.all(of: surveys, wish)
        return try Holding.merge(views, listings).map { holding in
            // Whatever is put together is a tree that can be described.
            _ = try TreeManifest(
                entries: holding.entries, pieceLength: ByteCount(1000), digest: .xxh3,
                origin: TreeManifest.Origin(publisher: .first, job: 0))
            let entries = holding.entries.map { entry in
                switch entry.body {
                case .sameFile(let other): "\(entry.path)=\(other)"
                case .folder: "\(entry.path)/"
                default: "\(entry.path)"
                }
            }
            let views = holding.views.map { "\($0)" }.joined(separator: "+")
            return "\(views): \(entries.joined(separator: " "))"
        }.sorted()
    }

    @Test func oneViewIsOneContent() throws {
        let list = [try Samples.folder("t"), try Samples.file("t/a")]
        #expect(try Self.merge(list) == ["0: t/ t/a"])
    }

    @Test func theSameTreeIsOneContentOfSeveral() throws {
        let list = [try Samples.folder("t"), try Samples.file("t/a")]
        #expect(try Self.merge(list, list, list) == ["0+1+2: t/ t/a"])
    }

    /// Each content has the folders that its files lie in.
    @Test func entriesOfOneHolderAreAContentOfTheirOwn() throws {
        let merged = try Self.merge(
            [
                Samples.folder("t"), Samples.folder("t/d"), Samples.file("t/d/a"),
                Samples.file("t/both"),
            ].sorted { RelativePath.inTreeOrder($0.path, $1.path) },
            [
                Samples.folder("t"), Samples.file("t/both"), Samples.folder("t/d"),
                Samples.file("t/d/b"), Samples.folder("t/empty"),
            ])
        #expect(
            merged == ["0+1: t/ t/both t/d/", "0: t/ t/d/ t/d/a", "1: t/ t/d/ t/d/b t/empty/"])
    }

    @Test func disagreementNamesBothRanks() throws {
        let first = [try Samples.folder("t"), try Samples.file("t/a")]
        let path = try RelativePath("t/a")
        for other in [
            try Samples.file("t/a", 11), try Samples.file("t/a", modified: Samples.later),
            try Samples.folder("t/a"),
            TreeEntry(path: path, body: .link(target: [97]), mode: 0, modified: Samples.time),
        ] {
            #expect(throws: StageError.disagreement(path: path, Rank(0), Rank(10))) {
                try Self.merge(first, [first[0], other])
            }
        }
        #expect(throws: StageError.disagreement(path: path, Rank(10), Rank(20))) {
            try Self.merge([first[0]], first, [first[0], try Samples.file("t/a", 11)])
        }
    }

    @Test func sourcesOfOneNameAreRefused() throws {
        #expect(throws: StageError.sameName(try RelativePath("t"))) {
            try Self.merge([Samples.folder("t")], [Samples.folder("t")], sources: [0, 1])
        }
        let apart = try Self.merge([Samples.folder("t")], [Samples.folder("u")], sources: [0, 1])
        #expect(apart == ["0: t/", "1: u/"])
    }

    @Test func otherNamesStayNamesWithinAContent() throws {
        let list = [
            try Samples.folder("t"), try Samples.file("t/a"), try Samples.name("t/b", of: "t/a"),
        ]
        #expect(try Self.merge(list, list) == ["0+1: t/ t/a t/b=t/a"])
    }

    /// The file has its first name in another content: here it is one of its own.
    @Test func otherNamesAcrossContentsAreFiles() throws {
        let folder = try Samples.folder("t")
        let merged = try Self.merge(
            [folder, Samples.file("t/a"), Samples.name("t/b", of: "t/a")],
            [folder, Samples.file("t/b")])
        #expect(merged == ["0+1: t/ t/b", "0: t/ t/a"])
    }

    /// What the first one calls another name of a third is the original for the second.
    @Test func otherNamesOfOtherNamesAreFilesToo() throws {
        let folder = try Samples.folder("t")
        let merged = try Self.merge(
            [folder, Samples.file("t/a"), Samples.name("t/b", of: "t/a")],
            [folder, Samples.file("t/b"), Samples.name("t/c", of: "t/b")])
        #expect(merged == ["0+1: t/ t/b", "0: t/ t/a", "1: t/ t/c"])
    }

    @Test func otherNamesOfOtherLengthsDisagree() throws {
        let folder = try Samples.folder("t")
        #expect(
            throws: StageError.disagreement(path: try RelativePath("t/b"), Rank(0), Rank(10))
        ) {
            try Self.merge(
                [folder, Samples.file("t/a"), Samples.name("t/b", of: "t/a")],
                [folder, Samples.file("t/b", 20)])
        }
    }
}
