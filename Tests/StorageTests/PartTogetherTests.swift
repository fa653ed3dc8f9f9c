import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Two contents of one job that land in the same folders.
@Suite struct PartTogetherTests {
    private let scratch: Scratch
    private let one: SampleTree
    private let other: SampleTree

    init() throws {
        scratch = try Scratch()
        var one = SampleTree()
        try one.folder("set")
        try one.folder("set/deep", mode: 0o555)
        try one.file("set/deep/a", 3000)
        try one.folder("set/mine", mode: 0o500)
        try one.file("set/mine/x", 10)
        try one.file("set/p", 2500)
        self.one = one
        var other = SampleTree()
        try other.folder("set")
        try other.folder("set/deep", mode: 0o555)
        try other.file("set/deep/b", 3000)
        try other.folder("set/deep/empty")
        try other.file("set/q", 1500)
        self.other = other
    }

    private func area(_ tree: SampleTree, number: Int, in base: String) throws -> PartArea {
        try PartArea(
            tree.manifest(), fingerprint: Digest128(high: UInt64(number), low: 0), base: base,
            rename: RelativePath("new"), number: number)
    }

    @Test(arguments: [false, true])
    func theFirstContentMakesTheFolders(otherFirst: Bool) throws {
        let first = try area(one, number: 0, in: scratch.path)
        let second = try area(other, number: 1, in: scratch.path)
        try one.fill(first)
        try other.fill(second)
        for area in otherFirst ? [second, first] : [first, second] { try area.finish() }
        try one.expectInPlace(in: scratch.path, rename: "new")
        try other.expectInPlace(in: scratch.path, rename: "new")
        #expect(try scratch.names() == ["new"])
        let piece = PieceIndex(0)
        #expect(try other.read(piece, from: second) == other.piece(piece, of: other.manifest()))
    }

    @Test func twoContentsMayFinishAtOnce() throws {
        for round in 0..<50 {
            let base = scratch.path("\(round)")
            let first = try area(one, number: 0, in: base)
            let second = try area(other, number: 1, in: base)
            try one.fill(first)
            try other.fill(second)
            let threads = try [first, second].map { area in
                try TestThread { try area.finish() }
            }
            for thread in threads { try thread.join() }
            try one.expectInPlace(in: base, rename: "new")
            try other.expectInPlace(in: base, rename: "new")
            #expect(try scratch.names("\(round)") == ["new"])
        }
    }

    /// Only folders are merged: a file that is there by then is not replaced.
    @Test func aFileThatCameMeanwhileStays() throws {
        let first = try area(one, number: 0, in: scratch.path)
        try one.fill(first)
        try scratch.put("theirs", "new")
        #expect(throws: StorageError.self) { try first.finish() }
        #expect(try scratch.text("new") == "theirs")
    }
}
