import Content
import Glibc
import Synchronization
import Vocabulary

/// The folder of a cache, open:
///
///     CACHEDIR.TAG              see `CacheTag`; locked while anything else changes
///     files/KEY.mswc            the bytes of a file, see `CacheNote.keys`
///     trees/FINGERPRINT.mswn    a note
///     trees/FINGERPRINT.use     on which jobs that use the content hold a shared lock
///     trees/FINGERPRINT.add     on which the process that adds the content holds a lock
///     drafts/NUMBER.part        see `DraftFile`
///
/// Files with other names are not the cache's, and stay.
///
/// Invariant: the folder and those in it belong to this user, and no other user may write to them,
/// so that all that lies there was made by this user.
final class CacheFolder: Sendable {
    let path: String
    let files: OpenFile
    let trees: OpenFile
    let drafts: OpenFile
    private let top: OpenFile

    /// The pause between two attempts to take the lock, and the time after which the cache is given
    /// up. No process copies files while it holds the lock.
    private static let lockInterval = Duration.milliseconds(20)
    static let lockPatience = Duration.seconds(10)
    private let lockPatience: Duration

    /// Where it `creates`, a missing folder is made, for this user alone, and what killed processes
    /// left is removed. Otherwise nothing is made or removed.
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
        let mark: OwnerMark
        do throws(StorageError) {
            mark = try OwnerMark(of: top, named: ".\(name)", in: base, path: path)
        } catch .system("mkdirat", _, _) {
            // The folder, and the one above it, belong to another user.
            throw .foreign(path: path)
        }
        // Several ranks may find a new folder at the same time.
        if creates { try Self.lock(top, lockPatience, path: path) }
        try CacheTag.demand(in: top, path: path, creates: creates)
        flock(top.raw, LOCK_UN)
        files = try Self.part("files", of: top, mark, path: path, creates: creates)
        trees = try Self.part("trees", of: top, mark, path: path, creates: creates)
        drafts = try Self.part("drafts", of: top, mark, path: path, creates: creates)
        self.path = path
        self.lockPatience = lockPatience
        if creates { try DraftFile.sweep(self) }
    }

    private static func part(
        _ name: String, of top: borrowing OpenFile, _ mark: OwnerMark, path: String, creates: Bool
    ) throws(StorageError) -> OpenFile {
        let path = "\(path)/\(name)"
        if creates { _ = try top.makeFolder(name, path: path) }
        let folder = try open(name, in: top, path: path)
        try mark.demand(of: folder, path: path)
        return folder
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
        let path = "\(path)/\(CacheTag.name)"
        let file = try Self.open(CacheTag.name, in: top, flags: O_RDONLY, path: path)
        try Self.lock(file, lockPatience, path: path)
        // A program that is being started holds a copy of the descriptor.
        defer { flock(file.raw, LOCK_UN) }
        return try body()
    }

    private static func lock(
        _ file: borrowing OpenFile, _ patience: Duration, path: String
    ) throws(StorageError) {
        let raw = file.raw
        var looksLeft = Int(patience / lockInterval)
        while true {
            do throws(StorageError) {
                try posix("flock", path) { flock(raw, LOCK_EX | LOCK_NB) }
                return
            } catch .system("flock", _, EWOULDBLOCK) where looksLeft > 0 {
                looksLeft -= 1
                usleep(UInt32(lockInterval / .microseconds(1)))
            }
        }
    }

    static func open(
        _ name: String, in folder: borrowing OpenFile, flags: Int32, path: String
    ) throws(StorageError) -> OpenFile {
        let below = folder.raw
        let all = flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        return OpenFile(raw: try posix("openat", path) { unsafe openat(below, name, all, 0o600) })
    }
}
