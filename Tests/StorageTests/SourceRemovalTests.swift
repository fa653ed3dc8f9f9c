import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What is removed from a source that was collected.
@Suite struct SourceRemovalTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.shell(
            """
            mkdir -p s/a/b s/empty t && echo 1 > s/a/b/f && echo 2 > s/a/g && echo 3 > s/h &&
            ln s/h s/a/h2 && ln s/h s/a/b/h3 && echo 4 > t/target && ln -s ../t s/link &&
            ln -s ../../t/target s/a/to
            """)
    }

    /// A removal long after the files were made, if `isSettled`.
    private func removal(
        of path: String = "s", filter: PathFilter = PathFilter(), isSettled: Bool = true
    ) throws -> (TreeSource, RemovalTerms) {
        let name = try RelativePath("s")
        let listing = try TreeListing(of: scratch.path(path), as: name, filter: filter)
        let manifest = try TreeManifest(
            entries: listing.entries, pieceLength: ByteCount(1000), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 0))
        let source = try TreeSource(
            manifest, at: [SourceSite(name: name, path: scratch.path(path))])
        let terms = RemovalTerms(isIncomplete: false, incompleteWords: "") {
            filter.covers($0, isFolder: $1)
        }
        let margin: Int64 = isSettled ? 3_000_000_000 : -3_000_000_000
        source.noteStates(now: TreeSource.wallClock() + margin)
        return (source, terms)
    }

    private func remove(
        _ prepared: (source: TreeSource, terms: RemovalTerms)
    ) -> (list: DifferenceList, failure: StorageError?) {
        var walk = RemovalWalk(prepared.source, prepared.terms)
        return walk.remove()
    }

    private func kept(_ list: DifferenceList) -> [String] {
        list.named.filter { $0.kind == .kept }.map(\.path.description).sorted()
    }

    @Test func whatWasListedGoesAndTheFolderStays() throws {
        let (list, failure) = remove(try removal())
        #expect(failure == nil && list[.kept] == 0 && list[.taken] == 10)
        #expect(list.named.isEmpty, "only their number is of interest")
        #expect(try scratch.shell("ls -A s; cat t/target") == "4\n")
    }

    /// By its bytes, by its date only, by another file in its place, or by its rights.
    @Test(arguments: [
        "echo 5 > s/a/g", "touch -r s/h s/a/g", "echo 2 > n && touch -r s/a/g n && mv n s/a/g",
        "echo 5 > s/a/g && touch -d 2001-02-03 s/a/g", "chmod 600 s/a/g",
        "rm s/a/g && ln -s b/f s/a/g", "rm s/a/g && mkdir s/a/g",
    ])
    func aFileThatChangedStays(change: String) throws {
        let removal = try removal()
        try scratch.shell(change)
        let (list, _) = remove(removal)
        #expect(kept(list) == ["s/a/g"] && list[.taken] == 8)
        #expect(try scratch.shell("find s -mindepth 1 | sort") == "s/a\ns/a/g\n")
    }

    /// Whatever the tick of the clock by which the file system dates them.
    @Test func aFileThatChangedJustBeforeItWasReadStays() throws {
        let before = try scratch.shell("find s | sort")
        let list = remove(try removal(isSettled: false)).list
        #expect(try scratch.shell("find s | sort").contains("s/a/b/f"))
        #expect(list[.kept] == 7 && kept(list).contains("s/link"))
        #expect(before.contains("s/empty"))
        #expect(try scratch.shell("find s | sort") != before, "an empty folder has nothing to lose")
    }

    /// Its bytes lie where it had none when it was listed, and are not read; its date is put back.
    @Test func aFileWhoseHoleWasFilledStays() throws {
        try scratch.shell("truncate -s 1M s/a/g && printf x >> s/a/g && touch -d 2001-02-03 s/a/g")
        let (source, terms) = try removal()
        #expect(!source.manifest.entries.flatMap(\.gaps).isEmpty, "no file system with holes")
        try scratch.shell(
            "printf y | dd of=s/a/g bs=1 seek=9000 conv=notrunc && touch -d 2001-02-03 s/a/g")
        source.noteStates(now: TreeSource.wallClock() + 3_000_000_000)
        let (list, _) = remove((source, terms))
        #expect(kept(list) == ["s/a/g"] && list[.taken] == 8)
    }

    @Test func whatWasAddedStaysAndIsNamed() throws {
        let removal = try removal()
        try scratch.shell(
            "echo > s/a/new && mkdir -p s/more/deep && ln -s x s/a/b/new && mkfifo s/p")
        let (list, failure) = remove(removal)
        #expect(failure == nil && list[.taken] == 8)
        #expect(kept(list) == ["s/a/b/new", "s/a/new", "s/more"])
        #expect(
            try scratch.shell("find s -mindepth 1 | sort")
                == "s/a\ns/a/b\ns/a/b/new\ns/a/new\ns/more\ns/more/deep\ns/p\n")
    }

    @Test func whatIsFilteredStaysInSilence() throws {
        let pattern = try #require(GlobPattern(bytes: Array("g".utf8)))
        let filter = PathFilter(rules: [FilterRule(excludes: true, pattern)])
        let (list, failure) = remove(try removal(filter: filter))
        #expect(failure == nil && list[.kept] == 0 && list[.taken] == 8)
        #expect(try scratch.shell("find s -mindepth 1 | sort") == "s/a\ns/a/g\n")
    }

    /// The folder that a link leads to is not entered, even if the link took the place of one.
    @Test func nothingIsRemovedThroughALink() throws {
        let removal = try removal()
        try scratch.shell("mv s/a moved && ln -s ../moved s/a")
        let (list, failure) = remove(removal)
        #expect(failure != nil && kept(list).contains("s/a/g"))
        #expect(try scratch.shell("ls moved; ls -d s/a") == "b\ng\nh2\nto\ns/a\n")
    }

    /// The path of the source leads to other files by then.
    @Test func theFolderThatWasReadIsTheOneThatIsEmptied() throws {
        let removal = try removal()
        try scratch.shell("mv s old && cp -a old s")
        #expect(remove(removal).list[.taken] == 10)
        #expect(try scratch.shell("ls -A old; cat s/a/b/f s/a/g") == "1\n2\n")
    }

    @Test func whatIsGoneAlreadyIsNoFailure() throws {
        let removal = try removal()
        try scratch.shell("rm -r s/a")
        let (list, failure) = remove(removal)
        // The file of several names has changed by that.
        #expect(failure == nil && kept(list) == ["s/h"] && list[.taken] == 2)
    }

    @Test func aSingleFileGoesAndALinkToOneStays() throws {
        #expect(remove(try removal(of: "s/a/b/f")).list[.taken] == 1)
        #expect(try scratch.shell("ls s/a/b") == "h3\n")
        let list = remove(try removal(of: "s/a/to")).list
        #expect(list[.taken] == 0 && kept(list) == ["s"])
        #expect(try scratch.shell("cat s/a/to") == "4\n")
    }

    @Test func nothingIsRemovedOfWhichNoStateIsNoted() throws {
        let (source, terms) = try removal()
        let unprepared = try TreeSource(
            source.manifest, at: [source.root(of: source.manifest.entries[0].path).site])
        #expect(remove((unprepared, terms)).list.isEmpty)
        #expect(try scratch.names("s") == ["a", "empty", "h", "link"])
    }

    @Test func aDryRunNamesWhatWouldGo() throws {
        let manifest = try removal().0.manifest
        let list = RemovalWalk.foreseen(for: manifest)
        #expect(list[.taken] == 10 && list.named.count == 10)
        #expect(!list.named.contains { $0.path.isSingleName })
    }
}
