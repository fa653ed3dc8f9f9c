import Content
import Glibc
import Synchronization
import Vocabulary

/// The folder of a cache, open:
///
///     lock                      held while anything else changes
///     files/KEY                 the bytes of a file, see `CacheNote.keys`
///     trees/FINGERPRINT         a note
///     trees/FINGERPRINT.use     on which jobs that use the content hold a shared lock
///
/// Invariant: the folder belongs to this user, and no other user may write to it, so that all that
/// lies in it was made by this user.
final class CacheFolder: Sendable {
    let path: String
    let files: OpenFile
    let trees: OpenFile
    private let top: OpenFile
    /// The number of temporary names so far, so that the next one needs no search.
    private let madeCount = Atomic<Int>(0)

    /// The pause between two attempts to take the lock, and the time after which the cache is given
    /// up. No process copies files while it holds the lock.
    private static let lockInterval = Duration.milliseconds(20)
    static let lockPatience = Duration.seconds(10)
    private let lockPatience: Duration
    private static let prefix = "mpiswarm-cache"

    /// Opens the folder. If it is missing and `creates` is true, it is created for this user alone.
    init(
        path: String, creates: Bool, lockPatience: Duration = CacheFolder.lockPatience
    ) throws(StorageError) {
        let (above, name) = try Self.split(path)
        let base: OpenFile
        if creates {
            base = try OpenFile(creatingFolder: above)
            _ = try base.makeFolder(name, path: path)
        } else {
            base = try OpenFile(opening: above, flags: O_RDONLY | O_DIRECTORY)
        }
        top = try Self.open(name, in: base, path: path)
        do throws(StorageError) {
            _ = try OwnerMark(of: top, named: ".\(name)", in: base, path: path)
        } catch .system("mkdirat", _, _) {
            // The folder, and the one above it, belong to another user.
            throw .foreign(path: path)
        }
        files = try top.folder("files", path: "\(path)/files")
        trees = try top.folder("trees", path: "\(path)/trees")
        self.path = path
        self.lockPatience = lockPatience
    }

    /// Opens the folder. A folder of another user cannot even be entered, and gets an error that
    /// explains why.
    private static func open(
        _ name: String, in base: borrowing OpenFile, path: String
    ) throws(StorageError) -> OpenFile {
        do throws(StorageError) {
            return try OpenFile(folder: name, in: base, path: path)
        } catch .system(let call, _, EACCES) {
            let status = try base.status(of: Array(name.utf8), follows: false, path: path)
            guard status.st_uid == geteuid() else { throw .foreign(path: path) }
            throw .system(call: call, path: path, errno: EACCES)
        }
    }

    private static func split(_ path: String) throws(StorageError) -> (String, String) {
        let parts = path.split(separator: "/")
        guard let last = parts.last, path.hasPrefix("/"), last != ".." else {
            throw .notAFile(path: path)
        }
        return ("/" + parts.dropLast().joined(separator: "/"), String(last))
    }

    /// Calls `body` with the lock held. Fails with EWOULDBLOCK if another process keeps the lock.
    func withLock<Answer>(
        _ body: () throws(StorageError) -> Answer
    ) throws(StorageError) -> Answer {
        let path = "\(path)/lock"
        let file = try Self.open("lock", in: top, flags: O_RDWR | O_CREAT, path: path)
        let raw = file.raw
        var looksLeft = Int(lockPatience / Self.lockInterval)
        while true {
            do throws(StorageError) {
                try posix("flock", path) { flock(raw, LOCK_EX | LOCK_NB) }
                break
            } catch .system("flock", _, EWOULDBLOCK) where looksLeft > 0 {
                looksLeft -= 1
                usleep(UInt32(Self.lockInterval / .microseconds(1)))
            }
        }
        // The lock is released by a call, because a program that is being started may hold a copy
        // of the descriptor.
        defer { flock(raw, LOCK_UN) }
        return try body()
    }

    static func open(
        _ name: String, in folder: borrowing OpenFile, flags: Int32, path: String
    ) throws(StorageError) -> OpenFile {
        let below = folder.raw
        let all = flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        return OpenFile(raw: try posix("openat", path) { unsafe openat(below, name, all, 0o600) })
    }
}

extension CacheFolder {
    /// The note on a content; nil if there is none, or it is damaged.
    func note(of fingerprint: Digest128) throws(StorageError) -> CacheNote? {
        try note(named: fingerprint.digits)
    }

    private func note(named name: String) throws(StorageError) -> CacheNote? {
        let path = "\(path)/trees/\(name)"
        let bytes: [UInt8]
        do throws(StorageError) {
            let file = try Self.open(name, in: trees, flags: O_RDONLY, path: path)
            bytes = try readWhole(descriptor: file.raw, path: path)
        } catch .system("openat", _, ENOENT) { return nil }
        guard let note = CacheNote(parsing: bytes), note.fingerprint.digits == name else {
            return nil
        }
        return note
    }

    /// Writes a note, which replaces an earlier one completely or not at all.
    func write(_ note: CacheNote) throws(StorageError) {
        let file = try TemporaryFile(
            in: trees, path: "\(path)/trees", prefix: Self.prefix, from: nextNumber)
        let bytes = note.encoded
        try unsafe file.write(bytes.span.bytes)
        try file.takeName(note.fingerprint.digits)
    }

    /// All contents, the one used longest ago first. A damaged note is removed.
    func rows() throws(StorageError) -> [CacheRow] {
        var rows: [CacheRow] = []
        let listed = try OpenFile(folder: ".", in: trees, path: "\(path)/trees")
        for bytes in try listed.names(path: "\(path)/trees") {
            let name = String(decoding: bytes, as: UTF8.self)
            if let process = TemporaryFile.process(of: bytes, prefix: Self.prefix),
                !isRunning(process)
            {
                try trees.unlinkIfThere(name, path: "\(path)/trees/\(name)")
            }
            guard Digest128(digits: bytes) != nil else { continue }
            guard let note = try note(named: name) else {
                try trees.unlinkIfThere(name, path: "\(path)/trees/\(name)")
                continue
            }
            let status = try trees.status(
                of: bytes, follows: false, path: "\(path)/trees/\(name)")
            rows.append(
                CacheRow(
                    note: note, keys: note.keys, usedAt: Int64(status.st_mtim.tv_sec),
                    nanoseconds: Int64(status.st_mtim.tv_nsec)))
        }
        return rows.sorted { ($0.usedAt, $0.nanoseconds) < ($1.usedAt, $1.nanoseconds) }
    }

    /// Makes a content the one that was used last.
    func touch(_ fingerprint: Digest128) throws(StorageError) {
        let below = trees.raw
        let name = fingerprint.digits
        try posix("utimensat", "\(path)/trees/\(name)") {
            unsafe utimensat(below, name, nil, 0)
        }
    }

    /// Keeps the content from being evicted while the result lives. To be called with the lock
    /// held.
    func use(_ fingerprint: Digest128) throws(StorageError) -> CacheLock {
        let name = "\(fingerprint.digits).use"
        let path = "\(path)/trees/\(name)"
        return try CacheLock(
            Self.open(name, in: trees, flags: O_RDWR | O_CREAT, path: path), path: path)
    }

    func isUsed(_ fingerprint: Digest128) throws(StorageError) -> Bool {
        let name = "\(fingerprint.digits).use"
        let path = "\(path)/trees/\(name)"
        do throws(StorageError) {
            let file = try Self.open(name, in: trees, flags: O_RDWR, path: path)
            _ = try FileLock(file, path: path)
            return false
        } catch .system("flock", _, EWOULDBLOCK) {
            return true
        } catch .system("openat", _, ENOENT) {
            return false
        }
    }

    /// Forgets a content. `sweep` removes its files.
    func forget(_ fingerprint: Digest128) throws(StorageError) {
        let name = fingerprint.digits
        try trees.unlinkIfThere(name, path: "\(path)/trees/\(name)")
        try trees.unlinkIfThere("\(name).use", path: "\(path)/trees/\(name).use")
    }
}

extension CacheFolder {
    /// Opens a file; nil if there is none of that name and length.
    func file(_ key: Digest128, length: Int64) throws(StorageError) -> OpenFile? {
        let path = path(of: key)
        do throws(StorageError) {
            let file = try Self.open(key.digits, in: files, flags: O_RDONLY, path: path)
            let status = try file.status(path: path)
            guard status.st_mode & S_IFMT == S_IFREG, Int64(status.st_size) == length else {
                return nil
            }
            return file
        } catch .system("openat", _, let code) where [ENOENT, EACCES, ELOOP].contains(code) {
            return nil
        }
    }

    func path(of key: Digest128) -> String { "\(path)/files/\(key.digits)" }

    /// The status of a file; nil if there is none.
    func status(of key: Digest128) throws(StorageError) -> stat? {
        do throws(StorageError) {
            return try files.status(
                of: Array(key.digits.utf8), follows: false, path: path(of: key))
        } catch .system(_, _, ENOENT) { return nil }
    }

    func remove(_ key: Digest128) throws(StorageError) {
        try files.unlinkIfThere(key.digits, path: path(of: key))
    }

    private var nextNumber: Int { madeCount.add(1, ordering: .relaxed).oldValue }

    /// A name for a file that is not complete. If the process is killed, `sweep` removes the file
    /// later.
    func temporaryName() -> String { ".\(Self.prefix).\(getpid()).\(nextNumber).part" }

    /// The bytes that each file takes on the disk, by its key. Incomplete files of processes that
    /// have ended are removed; those of other processes count, without a key.
    func sizes() throws(StorageError) -> (known: [Digest128: Int64], other: Int64) {
        var known: [Digest128: Int64] = [:]
        var other: Int64 = 0
        let folder = "\(path)/files"
        let listed = try OpenFile(folder: ".", in: files, path: folder)
        for bytes in try listed.names(path: folder) {
            let name = String(decoding: bytes, as: UTF8.self)
            if let process = TemporaryFile.process(of: bytes, prefix: Self.prefix),
                !isRunning(process)
            {
                try files.unlinkIfThere(name, path: "\(folder)/\(name)")
                continue
            }
            let status: stat
            do throws(StorageError) {
                status = try files.status(of: bytes, follows: false, path: "\(folder)/\(name)")
            } catch .system(_, _, ENOENT) { continue }
            let size = Int64(status.st_blocks) * 512
            if let key = Digest128(digits: bytes) { known[key] = size } else { other += size }
        }
        return (known, other)
    }
}

extension Digest128 {
    /// Nil for digits that `digits` never returns.
    init?(digits: [UInt8]) {
        guard digits.count == 2 * Self.byteCount,
            let text = String(validating: digits, as: UTF8.self),
            let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
        guard Array(self.digits.utf8) == digits else { return nil }
    }
}
