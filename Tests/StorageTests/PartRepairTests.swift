import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Files in place are read, and only their wrong pieces are written.
@Suite struct PartRepairTests {
    private let scratch: Scratch
    private let tree: SampleTree
    private let verifies = PartOptions(verifies: true)

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.finish()
    }

    private func inode(_ path: String) -> UInt64 { UInt64(tree.status(scratch.path(path)).st_ino) }

    /// Drops wrong pieces, as a receiver does that knows the right digests.
    private func dropWrong(_ area: PartArea) throws -> [Int] {
        var dropped: [Int] = []
        for position in 0..<area.geometry.pieceCount {
            let piece = PieceIndex(position)
            let bytes = tree.piece(piece, of: area.layout.manifest)
            guard let digest = area.digest(of: piece), digest != SampleTree.digest(bytes)
            else { continue }
            try area.drop(piece)
            dropped.append(position)
        }
        return dropped
    }

    private func spoil(_ path: String, at place: Int64) throws {
        let mode = tree.status(scratch.path(path)).st_mode & 0o7777
        #expect(unsafe chmod(scratch.path(path), 0o600) == 0)
        let file = try OpenFile(opening: scratch.path(path), flags: O_WRONLY)
        let bytes: [UInt8] = [0xAB, 0xCD]
        try unsafe file.write(bytes.span.bytes, at: place, path: path)
        #expect(unsafe chmod(scratch.path(path), mode) == 0)
    }

    private let files = ["set/a", "set/deep/b", "set/deep/c", "set/holes", "set/last"]

    @Test func goodPiecesAreKept() throws {
        let before = files.map(inode)
        let area = try tree.area(in: scratch.path, verifies)
        #expect(area.held.count == area.geometry.pieceCount)
        #expect(area.digest(of: PieceIndex(0)) != nil)
        #expect(try dropWrong(area) == [])
        try area.finish()
        #expect(files.map(inode) == before)
        try tree.expectInPlace(in: scratch.path)
    }

    @Test(arguments: [("set/a", Int64(1500), [1]), ("set/deep/b", 100, [2])])
    func onlyTheWrongPieceIsWritten(name: String, place: Int64, pieces: [Int]) throws {
        try spoil(name, at: place)
        let before = files.map(inode)
        let area = try tree.area(in: scratch.path, verifies)
        #expect(try dropWrong(area) == pieces)
        let count = try tree.fill(area)
        #expect(count == pieces.count)
        // Until the end the file itself stays as it was.
        #expect(try readWhole(path: scratch.path(name)) != tree.bytes[name])
        try area.finish()
        for (file, inode) in zip(files, before) {
            #expect((self.inode(file) == inode) == (file != name), "\(file)")
        }
        try tree.expectInPlace(in: scratch.path)
    }

    @Test func aPieceOfBelievedFilesMayBeDroppedToo() throws {
        try tree.put("set/a", in: scratch.path, changing: 1999)
        let before = files.map(inode)
        let area = try tree.area(in: scratch.path, PartOptions(overwrites: true))
        #expect(area.held.count == area.geometry.pieceCount)
        try area.drop(PieceIndex(1))
        try tree.fill(area)
        try area.finish()
        #expect(files.map(inode).dropFirst() == before.dropFirst())
        try tree.expectInPlace(in: scratch.path)
    }

    @Test func bytesInHolesAreSeen() throws {
        try spoil("set/holes", at: 100_000)
        let area = try tree.area(in: scratch.path, verifies)
        #expect(area.held.count < area.geometry.pieceCount)
        try tree.fill(area)
        try area.finish()
        try tree.expectInPlace(in: scratch.path)
    }

    @Test func aMissingFileIsFetchedBesideVerifiedOnes() throws {
        #expect(unsafe chmod(scratch.path("set/deep"), 0o755) == 0)
        #expect(unsafe unlink(scratch.path("set/deep/c")) == 0)
        let before = inode("set/deep/b")
        let area = try tree.area(in: scratch.path, verifies)
        #expect(try tree.fill(area) == 1)
        try area.finish()
        #expect(inode("set/deep/b") == before)
        try tree.expectInPlace(in: scratch.path)
    }

    /// The repair is lost, the files in place are not, and no wrong piece is believed.
    @Test func anInterruptedRepairIsDoneAgain() throws {
        try spoil("set/a", at: 0)
        try spoil("set/last", at: 4300)
        let area = try tree.area(in: scratch.path, verifies)
        let dropped = try dropWrong(area)
        #expect(dropped.count == 2)
        try tree.write(PieceIndex(0), to: area)
        try area.abandon()
        let again = try tree.area(in: scratch.path, verifies)
        #expect(try dropWrong(again) == dropped)
        #expect(try tree.fill(again) == 2)
        try again.finish()
        try tree.expectInPlace(in: scratch.path)
    }

    @Test func datesOfVerifiedFilesAreSet() throws {
        #expect(unsafe utimensat(AT_FDCWD, scratch.path("set/a"), nil, 0) == 0)
        // Its other name is different, too.
        #expect(throws: PartError.exists(path: scratch.path("set/a"), .other, more: 1)) {
            _ = try tree.area(in: scratch.path)
        }
        let area = try tree.area(in: scratch.path, verifies)
        #expect(area.held.count == area.geometry.pieceCount)
        try area.finish()
        try tree.expectInPlace(in: scratch.path)
    }
}
