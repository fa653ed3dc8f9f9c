import Content
import Glibc
import Vocabulary

/// What is copied to the growing files from elsewhere on this node, before the first piece comes.
extension PartArea {
    /// Whether it is a file of which nothing grows yet, although it is to grow.
    func lacks(_ entry: Int) -> Bool {
        guard case .file = layout.entries[entry].body else { return false }
        return entries[entry].grows && !entries[entry].isMade
    }

    func begin(
        _ entry: Int, asCopyOf original: borrowing OpenFile, path: String
    ) throws(StorageError) {
        guard case .file(let length, let extents) = layout.entries[entry].body else {
            preconditionFailure("only files have bytes")
        }
        try files.folders.make(above: entry)
        let copyPath = places.path(of: entry, on: .growing)
        let copy = try places.openForGrowing(entry, flags: O_TRUNC)
        try original.clone(to: copy, extents, path: path, copyPath: copyPath)
        try copy.setLength(length, path: copyPath)
        files.stamps.trust(entry, as: FileStamp(try copy.status(path: copyPath)))
        entries.made(entry)
    }

    /// Removes what was begun.
    func lose(_ entry: Int) throws(StorageError) {
        try places.removeGrowing(entry)
        entries.lost(entry)
        files.stamps.forget(entry)
    }

    /// The files with bytes of a piece. Nil where one of them does not lie here yet, and where
    /// there are none.
    func files(ofPresent piece: PieceIndex) -> [Int]? {
        let found = layout.manifest.stretches(of: piece).filter { !layout.data(in: $0).isEmpty }
            .map(\.entry)
        guard !found.isEmpty, found.allSatisfy({ entries[$0].isThere }) else { return nil }
        return found
    }

    /// Whether every piece with bytes of the file is here.
    func holdsAll(of entry: Int) -> Bool {
        layout.manifest.pieces(of: entry).map { PieceIndex($0) }.allSatisfy { piece in
            holds(piece)
                || layout.manifest.stretches(of: piece).allSatisfy {
                    $0.entry != entry || layout.data(in: $0).isEmpty
                }
        }
    }

    /// Whether another file has zeros where the file of this tree has holes.
    func hasOnlyHoles(
        _ entry: Int, in original: borrowing OpenFile, path: String
    ) throws(StorageError) -> Bool {
        let gaps = layout.gaps(of: entry)
        guard !gaps.isEmpty else { return true }
        let buffer = PieceBuffer(byteCount: 1 << 20)
        for gap in gaps {
            guard try original.isZero(gap, buffer, path: path) else { return false }
        }
        return true
    }

    func digestOnDisk(_ piece: PieceIndex) throws(StorageError) -> PieceDigest {
        try reader.digest(of: piece)
    }

    /// The bytes that lie here are those of the piece.
    func hold(_ piece: PieceIndex, digest: PieceDigest) throws(StorageError) {
        try pieces.hold(piece, digest: digest)
    }
}
