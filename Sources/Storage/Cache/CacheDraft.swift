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
        _ cache: NodeCache, _ manifest: TreeManifest, _ part: PartArea, digests: [PieceDigest?]
    ) {
        self.cache = cache
        self.part = part
        self.manifest = manifest
        note = CacheNote(manifest, boot: cache.boot)
        note.digests = digests
        keys = note.keys
    }

    /// False where there is no room for it.
    mutating func add() throws(StorageError) -> Bool {
        // Files that were in place were not read, and their digests are not known.
        let isKept = note.files.indices.contains {
            keys[$0] != nil && note.files[$0].length >= cache.fileByteCountMin
        }
        guard isKept else { return true }
        let missing = try missing()
        let needed = missing.reduce(0) { $0 + PartRoom.needed(by: [manifest.entries[$1.entry]]) }
        let fingerprint = note.fingerprint
        let hasRoom = try cache.folder.withLock { () throws(StorageError) in
            guard try cache.makeRoom(for: needed, keeping: fingerprint) else { return false }
            // From now on nobody takes its files for remains.
            try keep()
            return true
        }
        guard hasRoom else { return false }
        for file in missing { try copy(file.file, file.entry) }
        try cache.folder.withLock { () throws(StorageError) in
            try keep()
            // Files may take more blocks than they have bytes.
            _ = try cache.makeRoom(for: 0, keeping: fingerprint)
        }
        return true
    }

    /// Only with the lock held.
    private mutating func keep() throws(StorageError) {
        if let earlier = try cache.folder.note(of: note.fingerprint) { note.merge(earlier) }
        try cache.folder.write(note)
        try cache.keep(note.fingerprint)
    }

    /// The files that are not in the cache, by their positions in the note and the manifest.
    private func missing() throws(StorageError) -> [(file: Int, entry: Int)] {
        let entries = manifest.entries.indices.filter { manifest.entries[$0].length > 0 }
        var missing: [(file: Int, entry: Int)] = []
        for (file, entry) in entries.enumerated() {
            guard manifest.entries[entry].length >= cache.fileByteCountMin, let key = keys[file]
            else { continue }
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
