import CLinux
import Glibc
import Vocabulary

/// The folder in a destination in which a tree grows, open and locked:
///
///     lock    held by the job that writes here
///     state   which pieces are here
///     state.N the same of a part of a tree that is not listed yet, see `EarlyTree`
///     tree/   the entries, under the paths of the manifest
///     copy    a file of the tree that is being copied, see `GrowingFiles.unshare`
///
/// Only its owner may enter. Invariant: the folder and these entries belong to this user, and
/// no other user may write to them. The check is needed where many users may write to the
/// destination: one of them could create these entries first.
final class PartFolder: Sendable {
    let basePath: String
    let name: String
    let base: OpenFile
    let area: OpenFile
    let tree: OpenFile
    /// The owner and rights of all its entries.
    let mark: OwnerMark
    /// Whether this job created the folder.
    let isNew: Bool
    private let lock: FileLock

    /// The number of times that a job tries to enter a folder, which another job may remove at the
    /// same moment as it ends.
    private static let attemptsMax = 100

    static let copyName = "copy"

    var path: String { "\(basePath)/\(name)" }

    /// Whether a name beside a destination is one that jobs give to their own folders.
    static func isName(_ name: [UInt8]) -> Bool {
        String(validating: name, as: UTF8.self).map {
            $0.hasPrefix(".") && $0.contains(".mpiswarm-part")
        } ?? false
    }

    /// The pause between two attempts to take the lock of another job.
    static let lockInterval = Duration.milliseconds(20)

    /// Creates the destination and its parents where they are missing, and enters the folder. The
    /// caller, a disk worker, waits for up to `patience` until another job releases the lock;
    /// between two attempts it calls `pause`.
    static func enter(
        in basePath: String, name: String, patience: Duration = .zero,
        pause: () -> Void = { usleep(UInt32(lockInterval / .microseconds(1))) }
    ) throws(PartError) -> PartFolder {
        var attemptsLeft = attemptsMax
        var looksLeft = Int(patience / lockInterval)
        while attemptsLeft > 0 {
            do throws(StorageError) {
                let base = try OpenFile(creatingFolder: basePath)
                if let entered = try enter(consume base, path: basePath, name: name) {
                    return entered
                }
                attemptsLeft -= 1
            } catch .system("flock", _, EWOULDBLOCK) {
                guard looksLeft > 0 else { break }
                looksLeft -= 1
                pause()
            } catch {
                throw .storage(error)
            }
        }
        throw .busy(path: "\(basePath)/\(name)")
    }

    /// Returns nil if the folder vanished meanwhile.
    private static func enter(
        _ base: consuming OpenFile, path basePath: String, name: String
    ) throws(StorageError) -> PartFolder? {
        let path = "\(basePath)/\(name)"
        let isNew = try base.makeFolder(name, path: path)
        do throws(StorageError) {
            let area = try open(name, in: base, path: path)
            let mark = try OwnerMark(of: area, named: name, in: base, path: path)
            let below = area.raw
            let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let file = OpenFile(
                raw: try posix("openat", "\(path)/lock") {
                    unsafe openat(below, "lock", flags, 0o600)
                })
            let lock = try FileLock(file, path: "\(path)/lock")
            // The previous holder may have removed the file of the lock before unlocking it.
            guard try lock.file.status(path: "\(path)/lock").st_nlink > 0 else { return nil }
            try mark.demand(of: lock.file, path: "\(path)/lock")
            let tree = try area.folder("tree", path: "\(path)/tree")
            try mark.demand(of: tree, path: "\(path)/tree")
            return PartFolder(
                basePath: basePath, name: name, base: base, area: area, tree: tree, lock: lock,
                mark: mark, isNew: isNew)
        } catch .system("openat", _, ENOENT) {
            return nil
        }
    }

    /// Opens the folder. A folder of another user cannot even be entered, and gets an error that
    /// explains why.
    private static func open(
        _ name: String, in base: borrowing OpenFile, path: String
    ) throws(StorageError) -> OpenFile {
        do throws(StorageError) {
            return try OpenFile(folder: name, in: base, path: path)
        } catch .system(let call, _, EACCES) {
            var status = stat()
            let above = base.raw
            try posix("fstatat", path) {
                unsafe fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW)
            }
            guard status.st_uid == geteuid() else { throw .foreign(path: path) }
            throw .system(call: call, path: path, errno: EACCES)
        }
    }

    private init(
        basePath: String, name: String, base: consuming OpenFile, area: consuming OpenFile,
        tree: consuming OpenFile, lock: consuming FileLock, mark: OwnerMark, isNew: Bool
    ) {
        self.basePath = basePath
        self.name = name
        self.base = base
        self.area = area
        self.tree = tree
        self.lock = lock
        self.mark = mark
        self.isNew = isNew
    }

    /// Removes the growing entries and the state file.
    func clear() throws(StorageError) {
        for name in try stateNames {
            try area.removeAll(of: Array(name.utf8), path: "\(path)/\(name)")
        }
        try area.unlinkIfThere(Self.copyName, path: "\(path)/\(Self.copyName)")
        try tree.removeContents(path: "\(path)/tree")
    }

    /// The names of all state files.
    private var stateNames: [String] {
        get throws(StorageError) {
            let listed = try OpenFile(folder: ".", in: area, path: path)
            return try listed.names(path: path).compactMap { String(validating: $0, as: UTF8.self) }
                .filter { $0 == PartState.name || $0.hasPrefix(PartState.name + ".") }
        }
    }

    /// The names of the state files of parts.
    var partStateNames: [String] {
        get throws(StorageError) { try stateNames.filter { $0 != PartState.name } }
    }

    /// Removes the folder itself. The lock is still held afterwards, but protects nothing.
    func remove() throws(StorageError) {
        try clear()
        let below = area.raw
        try posix("unlinkat", "\(path)/tree") { unsafe unlinkat(below, "tree", AT_REMOVEDIR) }
        try area.unlinkIfThere("lock", path: "\(path)/lock")
        let above = base.raw
        do throws(StorageError) {
            try posix("unlinkat", path) { unsafe unlinkat(above, name, AT_REMOVEDIR) }
        } catch .system(_, _, ENOTEMPTY) {
            // The next job has entered already.
        } catch .system(_, _, ENOENT) {
            // The next job has removed the folder already.
        }
    }

    func unlock() throws(StorageError) {
        let raw = lock.file.raw
        try posix("flock", "\(path)/lock") { flock(raw, LOCK_UN) }
    }
}
