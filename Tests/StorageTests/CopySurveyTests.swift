import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What `--check` finds in a copy, without an MPI job.
@Suite struct CopySurveyTests {
    private let scratch: Scratch
    private let tree: SampleTree
    private let manifest: TreeManifest

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
        manifest = try tree.manifest()
        let area = try tree.area(in: scratch.path("d"))
        try tree.fill(area)
        #expect(try area.finish())
    }

    /// The differences from the digests of the source, which come in parts of `part` rows.
    private func differences(part: Int = 3, in folder: String = "d") throws -> [String] {
        let rows = StretchRows(manifest)
        let layout = TreeLayout(manifest, rename: nil)
        let survey = try CopySurvey(layout, rows, in: scratch.path(folder))
        let checked = CheckedTree(manifest, rows, source: nil, survey)
        var digests = [[UInt8]](repeating: [], count: rows.count)
        for position in 0..<manifest.geometry.pieceCount {
            let piece = PieceIndex(position)
            let bytes = tree.piece(piece, of: manifest)
            for stretch in manifest.stretches(of: piece) {
                let part = Array(bytes[stretch.start..<stretch.start + stretch.count])
                digests[rows.row(of: stretch, in: piece)] = SampleTree.digest(part).bytes
            }
        }
        #expect(digests.allSatisfy { !$0.isEmpty }, "every row is the row of a stretch")
        for start in stride(from: 0, to: rows.count, by: part) {
            let end = min(start + part, rows.count)
            checked.compare(from: start, digests: Array(digests[start..<end].joined()))
        }
        return try checked.differences().named.map { "\($0.kind) \($0.path)" }
    }

    @Test(arguments: [1, 7, 100_000])
    func anEqualCopyHasNoDifferences(part: Int) throws {
        #expect(try differences(part: part) == [])
    }

    @Test func everythingIsMissingWhereThereIsNoFolder() throws {
        #expect(try differences(in: "none") == tree.entries.map { "missing \($0.path)" })
    }

    /// Files that share a piece are told apart, and the time of a file is no difference.
    @Test func eachKindOfDifferenceIsNamed() throws {
        try scratch.shell(
            """
            cd d/set && chmod 755 deep && chmod 600 deep/c && printf X | dd of=deep/c bs=1 \
            conv=notrunc status=none && rm last && rm -r deep/empty && rm dangling \
            && ln -s elsewhere dangling && touch deep/b && echo > deep/nothing \
            && rm deep/up && mkdir deep/up
            """)
        #expect(
            try differences() == [
                "different set/dangling", "different set/deep/c", "missing set/deep/empty",
                "different set/deep/nothing", "different set/deep/up", "missing set/last",
            ])
    }

    /// Another name is judged as the file that it is.
    @Test(arguments: [false, true])
    func aSecondNameIsComparedByItsBytes(isDamaged: Bool) throws {
        try scratch.shell(
            "cd d/set && chmod 755 deep && cp a other && rm deep/z && mv other deep/z")
        #expect(try differences() == [])
        guard isDamaged else { return }
        try scratch.shell("printf X | dd of=d/set/deep/z bs=1 seek=2400 conv=notrunc status=none")
        #expect(try differences() == ["different set/deep/z"])
        try scratch.shell("cd d/set/deep && ln -f z ../a")
        #expect(try differences() == ["different set/a", "different set/deep/z"])
    }

    @Test func bytesInAHoleAreADifference() throws {
        try scratch.shell("printf X | dd of=d/set/holes bs=1 seek=100 conv=notrunc status=none")
        #expect(try differences() == ["different set/holes"])
    }

    @Test func everythingBelowAFileInThePlaceOfAFolderIsMissing() throws {
        try scratch.shell("cd d/set && chmod 755 deep && rm -r deep && echo > deep")
        #expect(
            try differences() == ["different set/deep"]
                + tree.entries.map(\.path.description).filter { $0.hasPrefix("set/deep/") }.map {
                    "missing \($0)"
                })
    }
}
