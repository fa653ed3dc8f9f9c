import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What parts have left may be other files than those of the tree, although they look alike.
extension PartAreaTakingTests {
    /// Drops the pieces that differ from the publisher's, fetches what is missing, and finishes.
    /// Returns the number of the dropped pieces.
    private func prove(_ area: PartArea) throws -> Int {
        let manifest = try tree.manifest()
        var wrongCount = 0
        for position in 0..<area.geometry.pieceCount {
            let piece = PieceIndex(position)
            guard area.holds(piece) else { continue }
            #expect(area.digest(of: piece) != nil, "nothing is believed without its bytes")
            guard area.digest(of: piece) != SampleTree.digest(tree.piece(piece, of: manifest))
            else { continue }
            #expect(area.foundGrowing.contains(piece), "it is confirmed before it is served")
            try area.drop(piece)
            wrongCount += 1
        }
        try tree.fill(area)
        #expect(try area.finish())
        try tree.expectInPlace(in: folder)
        return wrongCount
    }

    private func altered(_ path: String) throws -> SampleTree {
        var other = tree
        other.alter(path)
        return try other.part("set", path)
    }

    /// A name occurs twice in the archive: the part with the first file was kept, and that with the
    /// second one refused.
    @Test func anEarlierFileOfTheSameNameAndDateIsReplaced() throws {
        let early = try early()
        try complete(altered("set/a"), 0, in: early)
        try complete(second, 2, in: early)
        #expect(try prove(whole(after: early)) == 3)
    }

    /// An earlier run was killed while it received another archive at the same destination.
    @Test func aFileOfAnEarlierArchiveIsReplaced() throws {
        var early = try early()
        try leave(complete(altered("set/last"), 0, in: early), in: early)
        early = try self.early()
        try complete(first, 1, in: early)
        #expect(try prove(whole(after: early)) > 0)
        try scratch.shell("chmod -R u+w out && rm -r out")
        early = try self.early()
        try leave(complete(altered("set/last"), 0, in: early), in: early)
        #expect(try prove(whole()) > 0, "this run lists the tree at once")
    }

    /// Another process altered a file of a killed run, and put its date back.
    @Test(arguments: [false, true]) func aFileWithItsDatePutBackIsReplaced(begins: Bool) throws {
        let early = try early()
        let area = try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        if begins { try whole(after: early).abandon() } else { try leave(area, in: early) }
        try scratch.shell(
            """
            cd out/.set.mpiswarm-part/tree/set && cp -p a keep &&
            printf xyz | dd of=a conv=notrunc status=none && touch -r keep a && rm keep
            """)
        #expect(try prove(whole()) == 1)
    }

    /// A piece of a part proved to be wrong, and the run was killed before it came again.
    @Test func aPieceThatWasDroppedIsReplaced() throws {
        var early = try early()
        let other = try altered("set/a")
        try leave(complete(other, 0, in: early), in: early)
        early = try self.early()
        let area = try #require(try open(other, 0, in: early))
        #expect(area.isWhole)
        try area.drop(PieceIndex(1))
        try leave(area, in: early)
        #expect(try prove(whole()) == 2)
    }

    /// The state files are of an earlier start of the machine, or gone.
    @Test(arguments: ["state.0", "state"]) func bytesThatAPowerFailureLostComeAgain(
        name: String
    ) throws {
        let early = try early()
        let area = try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        if name == "state" { try whole(after: early).abandon() } else { try leave(area, in: early) }
        let path = scratch.path("out/.set.mpiswarm-part/\(name)")
        let other = try #require(PieceDigest([UInt8](repeating: 7, count: 16)))
        do {
            let file = try OpenFile(opening: path, flags: O_WRONLY)
            let line = PartRecord(ofBoot: other).encoded
            try unsafe file.write(line.span.bytes, at: Int64(line.count), path: path)
        }
        try scratch.shell(
            """
            cd out/.set.mpiswarm-part/tree/set && cp -p last keep &&
            dd if=/dev/zero of=last bs=4321 count=1 conv=notrunc status=none &&
            touch -r keep last && rm keep
            """)
        #expect(try prove(whole()) > 0)
    }

    /// No piece would repair bytes where the tree has a hole.
    @Test func bytesInAHoleAreNotTaken() throws {
        var plain = SampleTree()
        try plain.folder("set")
        try plain.sparse("set/holes", 200_000, [0..<200_000])
        let early = try early()
        try leave(complete(plain, 0, in: early), in: early)
        var sparse = SampleTree()
        try sparse.folder("set")
        try sparse.sparse("set/holes", 200_000, [8192..<8200, 150_000..<151_000])
        let area = try sparse.area(in: folder)
        try sparse.fill(area)
        #expect(try area.finish())
        try sparse.expectInPlace(in: folder)
    }

    @Test func withVerifyTheFilesOfAnEarlierRunAreReadToo() throws {
        let early = try early()
        try leave(complete(altered("set/a"), 0, in: early), in: early)
        let area = try tree.area(in: folder, PartOptions(verifies: true))
        #expect(area.holds(PieceIndex(0)))
        #expect(try prove(area) == 2)
    }

    @Test func aFileThatWasRemovedComesAgain() throws {
        let early = try early()
        try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        try scratch.shell("rm out/.set.mpiswarm-part/tree/set/last")
        #expect(try prove(whole(after: early)) == 0)
    }

    /// A part that failed may have writes under way.
    @Test func noPartWritesOnceTheTreeHasTakenOver() throws {
        let early = try early()
        let other = try altered("set/a")
        let part = try #require(try open(other, 0, in: early))
        try other.write(PieceIndex(0), to: part)
        let area = try whole(after: early)
        #expect(throws: StorageError.self) { try other.write(PieceIndex(1), to: part) }
        #expect(throws: StorageError.self) { try other.write(PieceIndex(0), to: part) }
        #expect(try open(second, 1, in: early) == nil)
        #expect(try prove(area) == 0)
    }

    /// There was no room for it beside others.
    @Test func theFilesOfAClosedPartComeWithTheTree() throws {
        let early = try early()
        early.close(try #require(try open(first, 0, in: early)))
        try complete(second, 1, in: early)
        #expect(try prove(whole(after: early)) == 0)
    }

    @Test func provenFilesAreNotReadAgain() throws {
        let early = try early()
        try complete(first, 0, in: early)
        let part = try #require(try open(second, 1, in: early))
        try second.fill(part)
        early.trustNames()
        let area = try whole(after: early)
        // The third piece has bytes of the other part, too, which nothing has proven yet.
        #expect(area.holds(PieceIndex(0)) && area.holds(PieceIndex(1)))
        for position in 0..<area.geometry.pieceCount {
            let piece = PieceIndex(position)
            #expect((area.digest(of: piece) != nil) == (area.holds(piece) && position > 1))
        }
        try tree.fill(area)
        #expect(try area.finish())
        try tree.expectInPlace(in: folder)
    }
}
