import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Success means that the copy lies at the path that was asked for.
@Suite struct PartDisplacedTests {
    private let scratch: Scratch
    private let tree: SampleTree

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
    }

    private func expectDisplaced(_ area: PartArea, _ path: String) {
        #expect(throws: StorageError.displaced(path: scratch.path(path))) { try area.finish() }
    }

    @Test(arguments: [false, true], ["in/base", "in"])
    func aMovedDestinationIsNoticed(isReplaced: Bool, moved: String) throws {
        let area = try tree.area(in: scratch.path("in/base"))
        try tree.fill(area)
        #expect(unsafe rename(scratch.path(moved), scratch.path("moved")) == 0)
        if isReplaced { try scratch.folder("in/base") }
        expectDisplaced(area, "in/base")
        if isReplaced { #expect(try scratch.names("in/base") == []) }
    }

    @Test(arguments: ["set", "set/deep"]) func aMovedMergedFolderIsNoticed(moved: String) throws {
        try scratch.folder("set/deep")
        try tree.put("set/a", in: scratch.path)
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        #expect(unsafe rename(scratch.path(moved), scratch.path("moved")) == 0)
        try scratch.folder(moved)
        expectDisplaced(area, moved)
    }

    /// The copy is complete at first, and then its file is moved away.
    @Test(arguments: [false, true], [false, true])
    func aMovedFileInPlaceIsNoticed(isReplaced: Bool, verifies: Bool) throws {
        var single = SampleTree()
        try single.file("f", 3456)
        try single.put("f", in: scratch.path)
        let area = try single.area(in: scratch.path, PartOptions(verifies: verifies))
        #expect(area.held.count == 4)
        #expect(unsafe rename(scratch.path("f"), scratch.path("moved")) == 0)
        if isReplaced { try single.put("f", in: scratch.path) }
        #expect(throws: StorageError.self) { try area.finish() }
    }

    @Test func aMovedTopEntryIsNoticed() throws {
        var many = SampleTree()
        try many.file("a", 10)
        try many.folder("b")
        try many.file("b/c", 5)
        try many.put("a", in: scratch.path)
        let area = try many.area(in: scratch.path)
        try many.fill(area)
        #expect(unsafe rename(scratch.path("a"), scratch.path("moved")) == 0)
        expectDisplaced(area, "a")
    }

    /// The copy is moved after it got its name, and before the job ends.
    @Test(arguments: [false, true], ["in/base/set", "in/base", "in"])
    func aFinishedCopyThatWasMovedAwayIsDisplaced(isReplaced: Bool, moved: String) throws {
        var set = SampleTree()
        try set.folder("set")
        try set.file("set/a", 10)
        let area = try set.area(in: scratch.path("in/base"))
        try set.fill(area)
        #expect(try area.finish())
        try area.demandTops()
        #expect(unsafe rename(scratch.path(moved), scratch.path("moved")) == 0)
        if isReplaced { try scratch.folder("in/base/set") }
        let path = moved == "in/base/set" ? moved : "in/base"
        #expect(throws: StorageError.displaced(path: scratch.path(path))) {
            try area.demandTops()
        }
    }

    @Test func aMovedOutputFolderOfARunIsNoticed() throws {
        let name = try RelativePath("f")
        let publication = Publication(
            Manifest.ofBytes(name: name, [1, 2, 3], pieceLength: ByteCount(4)))
        let disk = try TestDisk()
        var store = try LabelStore(
            disk.contents, output: scratch.path("out"), wanting: name, cutAs: publication.geometry)
        store.perform(.open(publication.content), bytes: publication.encoded)
        _ = disk.answers(of: &store)
        let bytes: [UInt8] = [1, 2, 3]
        store.keep(
            unsafe PieceBuffer(copying: bytes.span.bytes), as: PieceIndex(0),
            of: publication.content, digest: nil)
        disk.settle()
        #expect(unsafe rename(scratch.path("out"), scratch.path("moved")) == 0)
        try scratch.folder("out")
        _ = disk.answers(of: &store)
        store.perform(.finish(publication.content, WantNumber(0)))
        let answers = disk.answers(of: &store)
        guard case .troubled = answers.first, case .unfinished = answers.last else {
            Issue.record("it counts as finished")
            return
        }
    }
}
