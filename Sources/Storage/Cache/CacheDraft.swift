import Content
import Glibc
import Vocabulary

/// The way of a finished content into the cache: each file is copied to a draft, and gets its name
/// when it is complete.
///
/// Invariant: only files are copied that this job left in the state that they have before and after
/// the copy, with the digests that were compared with the publisher's. A file is noted as believed
/// only in the state in which its draft got its name.
struct CacheDraft {
    private let cache: NodeCache
    private let part: PartArea
    private let manifest: TreeManifest
    private var note: CacheNote
    private let keys: [Digest128?]

    init(
        _ cache: NodeCache, _ manifest: TreeManifest, _ part: PartArea, digests: [PieceDigest?],
        sources: [FileStamp?]
    ) {
        self.cache = cache
        self.part = part
        self.manifest = manifest
        note = CacheNote(manifest, boot: cache.boot)
        note.digests = digests
        keys = note.keys
        // A state says nothing about digests that only an earlier job has known.
        for file in sources.indices where keys[file] != nil {
            note.files[file].source = sources[file]
        }
    }

    /// False where there is no room for it.
    mutating func add() throws(StorageError) -> Bool {
        // Files that were in place were not read, and their digests are not known.
        let isKept = note.files.indices.contains {
            keys[$0] != nil && note.files[$0].length >= cache.fileByteCountMin
        }
        guard isKept else { return true }
        if try links() {
            guard try makeRoom(isWritten: false) else { return false }
            try link()
        }
        guard try makeRoom(isWritten: true) else { return false }
        for file in try missing() { try copy(file.file, file.entry) }
        let fingerprint = note.fingerprint
        try cache.folder.withLock { () throws(StorageError) in
            try keep()
            // Files may take more blocks than they have bytes.
            _ = try cache.makeRoom(for: 0, written: 0, keeping: fingerprint)
        }
        return true
    }

    private mutating func makeRoom(isWritten: Bool) throws(StorageError) -> Bool {
        let missing = try missing()
        let needed = missing.reduce(0) { $0 + PartRoom.needed(by: [manifest.entries[$1.entry]]) }
        let fingerprint = note.fingerprint
        return try cache.folder.withLock { () throws(StorageError) in
            let written = isWritten ? needed : 0
            guard try cache.makeRoom(for: needed, written: written, keeping: fingerprint) else {
                return false
            }
            // From now on nobody takes its files for remains.
            try keep()
            return true
        }
    }

    /// Notes what is known of the source, and leaves the files to the process that adds them.
    mutating func keepNote() throws(StorageError) {
        guard note.files.contains(where: { $0.source != nil }) else { return }
        try cache.folder.withLock { () throws(StorageError) in try keep() }
    }

    /// Only with the lock held.
    private mutating func keep() throws(StorageError) {
        if let earlier = try cache.folder.note(of: note.fingerprint) { note.merge(earlier) }
        try cache.folder.write(note)
        try cache.keep(note.fingerprint)
    }

    /// The files that the cache keeps, by their positions in the note and the manifest.
    private var kept: [(file: Int, entry: Int, key: Digest128)] {
        let entries = manifest.entries.indices.filter { manifest.entries[$0].length > 0 }
        return entries.enumerated().compactMap { file, entry in
            guard manifest.entries[entry].length >= cache.fileByteCountMin, let key = keys[file]
            else { return nil }
            return (file, entry, key)
        }
    }

    /// The files that are not in the cache, by their positions in the note and the manifest.
    private func missing() throws(StorageError) -> [(file: Int, entry: Int)] {
        var missing: [(file: Int, entry: Int)] = []
        for (file, entry, key) in kept {
            if try cache.folder.file(key, length: manifest.entries[entry].length) == nil {
                missing.append((file, entry))
            }
        }
        return missing
    }

    private mutating func copy(_ file: Int, _ entry: Int) throws(StorageError) {
        guard let key = keys[file], let original = try part.openFinished(entry),
            case .file(let length, let extents) = manifest.entries[entry].body
        else { return }
        let draft = try DraftFile(in: cache.folder)
        let originalPath = part.places.path(of: entry, on: .final)
        try original.clone(to: draft.file, extents, path: originalPath, copyPath: draft.path)
        try draft.file.setLength(length, path: draft.path)
        // Another process may have altered it meanwhile, or another job may have added it.
        guard try part.openFinished(entry) != nil,
            try cache.folder.file(key, length: length) == nil
        else { return }
        note.files[file].stamp = try draft.takeName(
            CacheFolder.name(of: key), in: cache.folder.files, at: cache.folder.path(of: key))
    }
}

extension CacheDraft {
    /// Whether the files of the copy are to get second names in the cache.
    private func links() throws(StorageError) -> Bool {
        guard cache.mayLink else { return false }
        for (_, entry, _) in kept {
            guard let original = try part.openFinished(entry) else { continue }
            let draft = try DraftFile(in: cache.folder)
            return !original.reflink(to: draft.file)
        }
        return false
    }

    /// Gives the files names in the cache, also in the place of copies that no job has links of.
    private mutating func link() throws(StorageError) {
        var cursor = FolderCursor(.final)
        for (file, entry, key) in kept {
            guard cache.mayLink else { return }
            guard let original = try part.openFinished(entry) else { continue }
            let status = try original.status(path: part.places.path(of: entry, on: .final))
            let above = try cursor.parent(of: entry, in: part.places)
            try cache.folder.withLock { () throws(StorageError) in
                try link(file, entry, key, status, in: above)
            }
        }
    }

    /// Only with the lock held.
    private mutating func link(
        _ file: Int, _ entry: Int, _ key: Digest128, _ status: stat, in above: Int32
    ) throws(StorageError) {
        let path = cache.folder.path(of: key)
        if let there = try cache.folder.status(of: key) {
            if FileIdentity(there) == FileIdentity(status) {
                note.files[file].stamp = FileStamp(status)
                return
            }
            guard there.st_nlink == 1, status.isLinkable else { return }
            try cache.folder.remove(key)
        }
        guard status.isLinkable else { return }
        let name = part.layout.name(of: entry, on: .final)
        let to = cache.folder.files.raw
        let newName = CacheFolder.name(of: key)
        let isLinked = try cache.link { () throws(StorageError) in
            try posix("linkat", path) { unsafe linkat(above, name, to, newName, 0) }
        }
        guard isLinked else { return }
        // Another process may have altered the file meanwhile, or put another one there.
        guard let linked = try cache.folder.status(of: key),
            FileIdentity(linked) == FileIdentity(status),
            try FileState(linked, path: path) == FileState(status, path: path)
        else { return try cache.folder.remove(key) }
        note.files[file].stamp = FileStamp(linked)
        part.files.stamps.left(entry, as: FileStamp(linked))
    }
}

extension PartArea {
    /// Opens the file at its final name; nil if it is not in the state in which this job left it.
    fileprivate func openFinished(_ entry: Int) throws(StorageError) -> OpenFile? {
        do throws(StorageError) {
            let file = try places.open(entry, on: .final)
            let status = try file.status(path: places.path(of: entry, on: .final))
            guard files.stamps.isAsLeft(entry, FileStamp(status)) else { return nil }
            return file
        } catch .system(_, _, let code) where [ENOENT, EACCES, ELOOP].contains(code) {
            return nil
        }
    }
}
