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

    /// Whether files here can share the bytes of another one without being the same file.
    func canReflink(_ original: borrowing OpenFile) throws(StorageError) -> Bool {
        let name = PartFolder.copyName
        let path = "\(places.folder.path)/\(name)"
        try places.folder.area.unlinkIfThere(name, path: path)
        let probe = try OpenFile(creating: name, in: places.folder.area, path: path)
        let isPossible = original.reflink(to: probe)
        try places.folder.area.unlinkIfThere(name, path: path)
        return isPossible
    }

    /// Lets a file grow as a hard link of a complete one. Returns its state; nil if it has to be
    /// copied, because the link would not be the file of this tree, or would become another file
    /// when one of its names is written to. Fails with EXDEV, for instance, where there can be no
    /// links.
    func begin(
        _ entry: Int, asLinkTo name: String, in folder: borrowing OpenFile, _ status: stat
    ) throws(StorageError) -> FileStamp? {
        try files.folders.make(above: entry)
        var cursor = FolderCursor(.growing)
        let above = try cursor.parent(of: entry, in: places)
        guard try isLinkable(entry, status, in: above) else { return nil }
        let from = folder.raw
        let newName = layout.name(of: entry, on: .growing)
        let path = places.path(of: entry, on: .growing)
        try posix("linkat", path) { unsafe linkat(from, name, above, newName, 0) }
        let linked = try places.status(of: entry, on: .growing)
        guard FileIdentity(linked) == FileIdentity(status),
            try FileState(linked, path: path) == FileState(status, path: path)
        else {
            try places.removeGrowing(entry)
            return nil
        }
        files.stamps.trust(entry, as: FileStamp(linked))
        entries.shared(entry)
        return FileStamp(linked)
    }

    /// Whether a file has the rights, the date and the group that the entry should have. A file
    /// that other users may write to is never linked.
    private func isLinkable(
        _ entry: Int, _ status: stat, in folder: Int32
    ) throws(StorageError) -> Bool {
        let described = layout.entries[entry]
        guard status.isLinkable, described.isDressed(as: status),
            attributes.preserved(of: entry) == nil
        else { return false }
        var above = stat()
        try posix("fstat", places.path(of: entry, on: .growing)) { unsafe fstat(folder, &above) }
        let group = above.st_mode & S_ISGID == 0 ? getegid() : above.st_gid
        return status.st_gid == group
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

    /// Notes the digest that a piece here should have.
    func recall(_ piece: PieceIndex, digest: PieceDigest) { pieces.recall(piece, digest: digest) }

    /// The bytes that lie here are those of the piece.
    func hold(_ piece: PieceIndex, digest: PieceDigest) throws(StorageError) {
        try pieces.hold(piece, digest: digest)
    }
}

extension stat {
    /// Whether the file may be in a cache and in a copy under two names: no other user may write to
    /// it, or run it in the name of its owner.
    var isLinkable: Bool {
        st_mode & S_IFMT == S_IFREG && st_uid == geteuid() && st_mode & 0o7022 == 0
    }
}

extension TreeEntry {
    /// Whether a file has the rights and the date of this entry.
    func isDressed(as status: stat) -> Bool {
        status.st_mode & 0o7777 == mode_t(mode) && modified.isKept(as: status)
    }
}
