import Content
import Glibc
import Vocabulary

/// What the cache knows of contents, and which of them are used.
extension CacheFolder {
    private static let suffix = ".mswn"

    private func path(of name: String) -> String { "\(path)/trees/\(name)" }

    /// Nil where there is none, or none that can be read.
    func note(of fingerprint: Digest128) throws(StorageError) -> CacheNote? {
        let name = fingerprint.digits + Self.suffix
        let bytes: [UInt8]
        do throws(StorageError) {
            let file = try Self.open(name, in: trees, flags: O_RDONLY, path: path(of: name))
            bytes = try readWhole(descriptor: file.raw, path: path(of: name))
        } catch .system("openat", _, ENOENT) { return nil }
        guard let note = CacheNote(parsing: bytes), note.fingerprint == fingerprint else {
            return nil
        }
        return note
    }

    /// Puts a note in the place of an earlier one, whole or not at all.
    func write(_ note: CacheNote) throws(StorageError) {
        let draft = try DraftFile(in: self)
        let bytes = note.encoded
        try unsafe draft.file.write(bytes.span.bytes, path: draft.path)
        let name = note.fingerprint.digits + Self.suffix
        _ = try draft.takeName(name, in: trees, at: path(of: name))
    }

    /// All contents, the one that was used longest ago first. Notes that cannot be read are passed
    /// over: a later version may have written them.
    func rows() throws(StorageError) -> (rows: [CacheRow], hasUnknown: Bool) {
        var rows: [CacheRow] = []
        var hasUnknown = false
        let listed = try OpenFile(folder: ".", in: trees, path: "\(path)/trees")
        for bytes in try listed.names(path: "\(path)/trees") {
            guard let fingerprint = Digest128(digitsOf: bytes, suffix: Self.suffix) else {
                continue
            }
            guard let note = try note(of: fingerprint) else {
                hasUnknown = true
                continue
            }
            let status = try trees.status(
                of: bytes, follows: false, path: path(of: String(decoding: bytes, as: UTF8.self)))
            rows.append(
                CacheRow(
                    note: note, keys: note.keys, usedAt: Int64(status.st_mtim.tv_sec),
                    nanoseconds: Int64(status.st_mtim.tv_nsec)))
        }
        rows.sort { ($0.usedAt, $0.nanoseconds) < ($1.usedAt, $1.nanoseconds) }
        return (rows, hasUnknown)
    }

    /// From now on it is the content that was used last.
    func touch(_ fingerprint: Digest128) throws(StorageError) {
        let below = trees.raw
        let name = fingerprint.digits + Self.suffix
        try posix("utimensat", path(of: name)) { unsafe utimensat(below, name, nil, 0) }
    }

    /// Keeps the content from being evicted while the result lives. Only with the lock held.
    func use(_ fingerprint: Digest128) throws(StorageError) -> CacheLock {
        let name = "\(fingerprint.digits).use"
        return try CacheLock(
            Self.open(name, in: trees, flags: O_RDWR | O_CREAT, path: path(of: name)),
            path: path(of: name))
    }

    func isUsed(_ fingerprint: Digest128) throws(StorageError) -> Bool {
        let name = "\(fingerprint.digits).use"
        do throws(StorageError) {
            let file = try Self.open(name, in: trees, flags: O_RDONLY, path: path(of: name))
            _ = try FileLock(file, path: path(of: name))
            return false
        } catch .system("flock", _, EWOULDBLOCK) {
            return true
        } catch .system("openat", _, ENOENT) {
            return false
        }
    }

    /// Calls `body`; nil if another process adds the same content.
    func adding(
        _ fingerprint: Digest128, _ body: () throws(StorageError) -> Bool
    ) throws(StorageError) -> Bool? {
        let name = "\(fingerprint.digits).add"
        let file = try Self.open(name, in: trees, flags: O_RDWR | O_CREAT, path: path(of: name))
        let raw = file.raw
        do throws(StorageError) {
            try posix("flock", path(of: name)) { flock(raw, LOCK_EX | LOCK_NB) }
        } catch .system("flock", _, EWOULDBLOCK) { return nil }
        defer { flock(file.raw, LOCK_UN) }
        return try body()
    }

    /// Forgets a content. Its files are removed by `CacheRoom`.
    func forget(_ fingerprint: Digest128) throws(StorageError) {
        for suffix in [Self.suffix, ".use", ".add"] {
            let name = fingerprint.digits + suffix
            try trees.unlinkIfThere(name, path: path(of: name))
        }
    }
}
