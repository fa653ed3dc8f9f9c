import Glibc
import Synchronization
import Vocabulary

/// The folder that a peer writes to, open: later files are created beneath it, even if its path
/// leads to another folder by then.
final class OutputFolder: Sendable {
    private let folder: OpenFile
    private let path: String
    private let prefix: String
    /// The number of files made, with which the next temporary name is found without a search.
    private let madeCount = Atomic<Int>(0)

    /// Creates the folder if it is missing, and a file in it, which is removed again: access rights
    /// alone do not show whether a process may write. `prefix` keeps the temporary names of the
    /// ranks of one folder apart.
    init(path: String, prefix: String) throws(StorageError) {
        folder = try OpenFile(creatingFolder: path)
        self.path = path
        self.prefix = prefix
        _ = try temporary()
        try removeLeft()
    }

    deinit {
        // A run that was being killed when this one began is dead by now.
        do throws(StorageError) { try removeLeft() } catch {}
    }

    /// Removes the files that a killed run of this rank left. Files of a living process of this
    /// machine stay.
    private func removeLeft() throws(StorageError) {
        for bytes in try folder.names(path: path) {
            guard let process = TemporaryFile.process(of: bytes, prefix: prefix),
                !isRunning(process)
            else { continue }
            remove(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Gives `name` to a new file with the bytes that `fill` writes. All of it or nothing: an
    /// existing file is replaced at the end, and untouched by a failure. An existing file is a
    /// failure, with EEXIST, unless `replacing`.
    func write(
        _ name: RelativePath, replacing: Bool = true,
        _ fill: (borrowing TemporaryFile) throws(StorageError) -> Void
    ) throws(StorageError) {
        precondition(name.isSingleName, "outputs lie directly in the folder")
        let file = try temporary()
        try fill(file)
        try file.takeName(name.description, replacing: replacing)
        try demandPlace()
    }

    /// Fails if the folder is no longer at the path that was asked for, because it was renamed or
    /// replaced.
    private func demandPlace() throws(StorageError) {
        guard isInPlace else { throw .displaced(path: path) }
    }

    /// Whether the folder still lies at the path that was asked for.
    var isInPlace: Bool {
        do throws(StorageError) {
            return FileIdentity(path: path) == FileIdentity(try folder.status(path: path))
        } catch { return false }
    }

    /// Makes an empty file and returns its name, which is a temporary one.
    func makeFile() throws(StorageError) -> String { try temporary().keepName() }

    /// Makes the file of that name unless it is there, and cuts off what it has too much.
    func makeFile(_ name: String, atMost length: Int64) throws(StorageError) {
        let below = folder.raw
        let path = path(of: name)
        let flags = O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC
        let raw = try posix("openat", path) { unsafe openat(below, name, flags, 0o666) }
        let file = OpenFile(raw: raw)
        let status = try file.status(path: path)
        // A file of another user, or one with another name, could still be written to.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), status.st_nlink == 1
        else { throw .foreign(path: path) }
        if status.st_size > length {
            try file.setLength(length, path: path)
        }
    }

    /// Opens an entry of this folder, never through a link, and without waiting for the other end
    /// of a pipe.
    func open(_ name: String, flags: Int32) throws(StorageError) -> OpenFile {
        let below = folder.raw
        let all = flags | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC
        let raw = try posix("openat", path(of: name)) { unsafe openat(below, name, all) }
        return OpenFile(raw: raw)
    }

    /// Removes an entry, which may be missing.
    func remove(_ name: String) { unsafe unlinkat(folder.raw, name, 0) }

    func path(of name: String) -> String { "\(path)/\(name)" }

    private func temporary() throws(StorageError) -> TemporaryFile {
        let number = madeCount.add(1, ordering: .relaxed).oldValue
        return try TemporaryFile(in: folder, path: path, prefix: prefix, from: number)
    }
}
