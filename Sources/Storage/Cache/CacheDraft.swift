import Content
import Glibc
import Vocabulary

/// Brings a finished content into the cache: its files are copied under temporary names, and get
/// their names together with the note once all of them are complete.
///
/// Invariant: only files are copied that this job left in the state that they have before and after
/// the copy, with the digests that were compared with the publisher's.
struct CacheDraft: ~Copyable {
    private let cache: NodeCache
    /// Nil if the rank has no copy: then only the note is kept.
    private let part: PartArea?
    private let manifest: TreeManifest
    private var note: CacheNote
    private let keys: [Digest128?]
    private var copies: [Copy] = []

    private struct Copy {
        /// The position of the file in the note.
        let file: Int
        let key: Digest128
        let temporaryName: String
    }

    init(
        _ cache: NodeCache, _ manifest: TreeManifest, _ part: PartArea?,
        digests: [PieceDigest?], source: SourceStamp?
    ) {
        self.cache = cache
        self.part = part
        self.manifest = manifest
        note = CacheNote(manifest, boot: cache.boot)
        note.digests = digests
        note.source = source
        keys = note.keys
    }

    /// Removes the temporary files after a failed step. Only a killed process leaves some.
    deinit {
        for copy in copies { unsafe unlinkat(cache.folder.files.raw, copy.temporaryName, 0) }
    }

    /// Adds the content. Returns false if there is no room for it.
    mutating func add() throws(StorageError) -> Bool {
        // Files that were in place were not read, and their digests are not known.
        guard part == nil || keys.contains(where: { $0 != nil }) else { return true }
        let missing = try missing()
        let needed = missing.reduce(0) { $0 + PartRoom.needed(by: [manifest.entries[$1.entry]]) }
        let fingerprint = note.fingerprint
        let hasRoom = try cache.folder.withLock { () throws(StorageError) in
            try cache.makeRoom(for: needed, keeping: fingerprint)
        }
        guard hasRoom else { return false }
        for file in missing { try copy(file.file, file.entry) }
        try cache.folder.withLock { () throws(StorageError) in try commit() }
        return true
    }

    /// The files that are not in the cache, by their positions in the note and the manifest.
    private func missing() throws(StorageError) -> [(file: Int, entry: Int)] {
        guard part != nil else { return [] }
        let entries = manifest.entries.indices.filter { manifest.entries[$0].length > 0 }
        var missing: [(file: Int, entry: Int)] = []
        for (file, entry) in entries.enumerated() {
            guard let key = keys[file] else { continue }
            if try cache.folder.file(key, length: manifest.entries[entry].length) == nil {
                missing.append((file, entry))
            }
        }
        return missing
    }

    private mutating func copy(_ file: Int, _ entry: Int) throws(StorageError) {
        guard let part, let key = keys[file], let original = try part.openFinished(entry) else {
            return
        }
        let name = cache.folder.temporaryName()
        let path = "\(cache.folder.path)/files/\(name)"
        if cache.links, try part.link(entry, to: name, in: cache.folder.files, path: path) {
            copies.append(Copy(file: file, key: key, temporaryName: name))
            return
        }
        let copy = try OpenFile(creating: name, in: cache.folder.files, path: path)
        copies.append(Copy(file: file, key: key, temporaryName: name))
        let originalPath = part.places.path(of: entry, on: .final)
        guard case .file(let length, let extents) = manifest.entries[entry].body else { return }
        try original.clone(to: copy, extents, path: originalPath, copyPath: path)
        try copy.setLength(length, path: path)
        try copy.close(path: path)
        if try part.openFinished(entry) != nil { return }
        // Another process has altered the file meanwhile.
        copies.removeLast()
        try cache.folder.files.unlinkIfThere(name, path: path)
    }

    /// Notes the states of linked files again, because they change when the other name becomes the
    /// final one.
    private mutating func noteLinked() throws(StorageError) {
        let entries = manifest.entries.indices.filter { manifest.entries[$0].length > 0 }
        for (file, entry) in entries.enumerated() {
            guard let part, let key = keys[file], let status = try cache.folder.status(of: key),
                let final = try part.openFinished(entry)
            else { continue }
            let path = part.places.path(of: entry, on: .final)
            guard try FileIdentity(final.status(path: path)) == FileIdentity(status) else {
                continue
            }
            note.files[file].stamp = FileStamp(status)
        }
    }

    private mutating func commit() throws(StorageError) {
        let files = cache.folder.files.raw
        while let copy = copies.popLast() {
            let path = cache.folder.path(of: copy.key)
            let name = copy.temporaryName
            do throws(StorageError) {
                try posix("renameat", path) {
                    unsafe renameat(files, name, files, copy.key.digits)
                }
            } catch {
                try cache.folder.files.unlinkIfThere(name, path: path)
                throw error
            }
            note.files[copy.file].stamp = try cache.folder.status(of: copy.key).map {
                FileStamp($0)
            }
        }
        if let earlier = try cache.folder.note(of: note.fingerprint) { note.merge(earlier) }
        if cache.links { try noteLinked() }
        try cache.folder.write(note)
        try cache.keep(note.fingerprint)
        // Files may take more blocks than they have bytes.
        _ = try cache.makeRoom(for: 0, keeping: note.fingerprint)
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

    /// Gives the finished file another name. Returns false if that is impossible, or would affect
    /// other files.
    fileprivate func link(
        _ entry: Int, to name: String, in folder: borrowing OpenFile, path: String
    ) throws(StorageError) -> Bool {
        guard attributes.preserved(of: entry) == nil, layout.otherNames[entry] == nil else {
            return false
        }
        var cursor = FolderCursor(.final)
        let above = try cursor.parent(of: entry, in: places)
        let finalName = layout.name(of: entry, on: .final)
        let below = folder.raw
        do throws(StorageError) {
            try posix("linkat", path) { unsafe linkat(above, finalName, below, name, 0) }
            return true
        } catch .system(_, _, let code) where [EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(code) {
            return false
        }
    }
}
