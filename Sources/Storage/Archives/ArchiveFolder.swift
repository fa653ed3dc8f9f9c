import CLinux
import Glibc
import Vocabulary

/// The folder beside a destination into which an archive is unpacked, open and locked:
///
///     lock    held by the job that unpacks here
///     bytes   the bytes of all files, which an interrupted job leaves
///     index   the entries, and which archive they are of
///
/// Only its owner may enter. Invariant: the folder and the three files belong to this user, and no
/// other user may write to them.
final class ArchiveFolder: Sendable {
    let path: String
    private let base: OpenFile
    private let area: OpenFile
    private let lock: FileLock
    private let mark: OwnerMark
    private let name: String
    private let isNew: Bool

    private static let indexByteCountMax = 1 << 31

    /// Returns nil if another job holds the lock, or if the folder is missing and not to be
    /// created.
    static func enter(
        in basePath: String, name: String, creating: Bool
    ) throws(StorageError) -> ArchiveFolder? {
        do throws(StorageError) {
            let base =
                creating
                ? try OpenFile(creatingFolder: basePath)
                : try OpenFile(opening: basePath, flags: O_RDONLY | O_DIRECTORY)
            return try ArchiveFolder(base, in: basePath, name: name, creating: creating)
        } catch .system("flock", _, EWOULDBLOCK) {
            return nil
        } catch .system(_, _, ENOENT) where !creating {
            return nil
        }
    }

    private init?(
        _ base: consuming OpenFile, in basePath: String, name: String, creating: Bool
    ) throws(StorageError) {
        path = "\(basePath)/\(name)"
        self.name = name
        isNew = creating ? try base.makeFolder(name, path: path) : false
        let area = try OpenFile(folder: name, in: base, path: path)
        mark = try OwnerMark(of: area, named: name, in: base, path: path)
        let below = area.raw
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file = OpenFile(
            raw: try posix("openat", "\(path)/lock") {
                unsafe openat(below, "lock", flags, 0o600)
            })
        lock = try FileLock(file, path: "\(path)/lock")
        self.area = area
        self.base = base
        // The previous holder may have removed the file of the lock before unlocking it.
        guard try lock.file.status(path: "\(path)/lock").st_nlink > 0 else { return nil }
        try mark.demand(of: lock.file, path: "\(path)/lock")
    }

    /// The index that the last run left; nil if there is none, or it is damaged.
    func index() -> ArchiveIndex? {
        do throws(StorageError) {
            guard let file = try open("index") else { return nil }
            let length = Int(try file.status(path: path).st_size)
            guard length <= Self.indexByteCountMax else { return nil }
            var bytes = [UInt8](repeating: 0, count: length)
            var filled = 0
            while filled < length {
                let count = try file.read(into: &bytes, from: filled, path: path)
                guard count > 0 else { return nil }
                filled += count
            }
            return ArchiveIndex(parsing: bytes)
        } catch { return nil }
    }

    /// Replaces the index as a whole, so that an interrupted run leaves the old one or the new one.
    func put(_ index: ArchiveIndex) throws(StorageError) {
        guard let bytes = index.encoded else { return }
        try area.unlinkIfThere("index.new", path: "\(path)/index.new")
        let file = try make("index.new")
        try unsafe file.write(bytes.span.bytes, path: "\(path)/index.new")
        try file.close(path: "\(path)/index.new")
        let below = area.raw
        try posix("renameat", "\(path)/index") {
            unsafe renameat(below, "index.new", below, "index")
        }
    }

    /// The bytes that the last run left, if their file still has the stamp that it noted.
    func bytes(_ stamp: FileStamp) throws(StorageError) -> SharedFile? {
        guard let file = try open("bytes"), FileStamp(try file.status(path: path)) == stamp
        else { return nil }
        return SharedFile(file)
    }

    /// Creates an empty file for bytes, which replaces an older one.
    func newBytes() throws(StorageError) -> SharedFile {
        try removeBytes()
        return SharedFile(try make("bytes"))
    }

    func removeBytes() throws(StorageError) {
        try area.unlinkIfThere("bytes", path: "\(path)/bytes")
    }

    /// Removes the files of this run, after a failure.
    func giveUp() throws(StorageError) {
        try removeBytes()
        try area.unlinkIfThere("index.new", path: "\(path)/index.new")
        guard isNew else { return }
        try area.unlinkIfThere("index", path: "\(path)/index")
        try area.unlinkIfThere("lock", path: "\(path)/lock")
        let above = base.raw
        try posix("unlinkat", path) { unsafe unlinkat(above, name, AT_REMOVEDIR) }
    }

    private func open(_ name: String) throws(StorageError) -> OpenFile? {
        do throws(StorageError) {
            let file = try OpenFile(
                beneath: area, Self.relative(name), path: "\(path)/\(name)")
            try mark.demand(of: file, path: "\(path)/\(name)")
            return file
        } catch .system(_, _, ENOENT) { return nil }
    }

    private func make(_ name: String) throws(StorageError) -> OpenFile {
        try Self.make(name, in: area, path: "\(path)/\(name)")
    }

    private static func make(
        _ name: String, in folder: borrowing OpenFile, path: String
    ) throws(StorageError) -> OpenFile {
        let below = folder.raw
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        return OpenFile(
            raw: try posix("openat", path) { unsafe openat(below, name, flags, 0o600) })
    }

    private static func relative(_ name: String) -> RelativePath {
        do throws(PathError) { return try RelativePath(name) } catch {
            preconditionFailure("the names in this folder are good")
        }
    }
}

extension ArchiveFolder {
    /// Creates a file in that folder and removes its name at once, so that the file vanishes with
    /// this process.
    static func unnamedBytes(in folder: String) throws(StorageError) -> SharedFile {
        let open = try OpenFile(opening: folder, flags: O_RDONLY | O_DIRECTORY)
        for number in 0..<TemporaryFile.attemptsMax {
            let name = ".mpiswarm-archive.\(getpid()).\(number)"
            do throws(StorageError) {
                let file = try make(name, in: open, path: "\(folder)/\(name)")
                try open.unlinkIfThere(name, path: "\(folder)/\(name)")
                return SharedFile(file)
            } catch .system(_, _, EEXIST) { continue }
        }
        throw .noFreeName(path: folder)
    }
}
