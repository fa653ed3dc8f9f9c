import CLinux
import Glibc
import Vocabulary

/// The folder in a destination in which a tree grows, open and locked:
///
///     lock    held by the job that writes here
///     state   which pieces are here
///     tree/   the entries, under the paths of the manifest
///
/// Only its owner may enter. Invariant: all four belong to this user, and no other user may write
/// to them: in a folder that many may write to, another user can make them first.
struct PartFolder: ~Copyable {
    let basePath: String
    let name: String
    let base: OpenFile
    let area: OpenFile
    let tree: OpenFile
    /// The owner and rights of all its entries.
    let mark: OwnerMark
    /// No earlier job has made it.
    let isNew: Bool
    private let lock: FileLock

    /// A job that ends may remove the folder while another enters it, as often as this.
    private static let attemptsMax = 100

    var path: String { "\(basePath)/\(name)" }

    /// Whether a job may have made something of this name beside a destination.
    static func isName(_ name: [UInt8]) -> Bool {
        String(validating: name, as: UTF8.self).map {
            $0.hasPrefix(".") && $0.contains(".mpiswarm-part")
        } ?? false
    }

    /// Between two looks whether another job has let go.
    static let lockInterval = Duration.milliseconds(20)

    /// Creates the destination with its parents where it is missing. Disk workers call it, and may
    /// wait for `patience` until another job lets go; between two looks they `pause`.
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

    /// Nil when the folder vanished meanwhile.
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
            // The previous holder may have removed it before unlocking it.
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

    /// That of another user cannot even be entered, which by itself would not say why.
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

    /// Removes everything that grew here, and what was noted about it.
    borrowing func clear() throws(StorageError) {
        try area.unlinkIfThere("state", path: "\(path)/state")
        try tree.removeContents(path: "\(path)/tree")
    }

    /// Removes the folder itself. Only the lock is still held afterwards, and is of no use.
    borrowing func remove() throws(StorageError) {
        try clear()
        let below = area.raw
        try posix("unlinkat", "\(path)/tree") { unsafe unlinkat(below, "tree", AT_REMOVEDIR) }
        try area.unlinkIfThere("lock", path: "\(path)/lock")
        let above = base.raw
        do throws(StorageError) {
            try posix("unlinkat", path) { unsafe unlinkat(above, name, AT_REMOVEDIR) }
        } catch .system(_, _, ENOTEMPTY) {
            // The next job is here already.
        } catch .system(_, _, ENOENT) {
            // It has removed the folder already.
        }
    }

    borrowing func unlock() throws(StorageError) {
        let raw = lock.file.raw
        try posix("flock", "\(path)/lock") { flock(raw, LOCK_UN) }
    }
}
