import Glibc
import Synchronization
import Vocabulary

/// The folder that a peer writes to, open: what is created later is created beneath it, wherever
/// its path may lead by then.
final class OutputFolder: Sendable {
    private let folder: OpenFile
    private let path: String
    private let prefix: String
    /// How many files were made: the next one's temporary name need not be searched for.
    private let madeCount = Atomic<Int>(0)

    /// Creates the folder where it is missing, and a file in it, which is removed again: access
    /// rights alone do not tell whether one may write. `prefix` keeps the temporary names of the
    /// ranks of one folder apart.
    init(path: String, prefix: String) throws(StorageError) {
        folder = try OpenFile(creatingFolder: path)
        self.path = path
        self.prefix = prefix
        _ = try temporary()
        try removeLeft()
    }

    /// What a killed run of this rank left goes; what belongs to a process of this machine that
    /// lives stays.
    private func removeLeft() throws(StorageError) {
        for bytes in try folder.names(path: path) {
            guard let process = TemporaryFile.process(of: bytes, prefix: prefix),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            remove(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Gives `name` to a new file with what `fill` writes. All of it or nothing: what had the
    /// name is replaced at the end, and untouched by a failure; it is one, with EEXIST, unless
    /// `replacing`.
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

    /// What was created here does not lie at the path that was asked for if somebody renamed the
    /// folder, or put another in its place.
    private func demandPlace() throws(StorageError) {
        guard FileIdentity(path: path) == FileIdentity(try folder.status(path: path)) else {
            throw .displaced(path: path)
        }
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

    /// What lies directly in here, never through a link, and without waiting for the other end of
    /// a pipe.
    func open(_ name: String, flags: Int32) throws(StorageError) -> OpenFile {
        let below = folder.raw
        let all = flags | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC
        let raw = try posix("openat", path(of: name)) { unsafe openat(below, name, all) }
        return OpenFile(raw: raw)
    }

    func rename(_ name: String, to final: String) throws(StorageError) {
        let below = folder.raw
        try posix("renameat", path(of: name)) { unsafe renameat(below, name, below, final) }
        try demandPlace()
    }

    /// What is not there need not be removed.
    func remove(_ name: String) { unsafe unlinkat(folder.raw, name, 0) }

    func path(of name: String) -> String { "\(path)/\(name)" }

    private func temporary() throws(StorageError) -> TemporaryFile {
        let number = madeCount.add(1, ordering: .relaxed).oldValue
        return try TemporaryFile(in: folder, path: path, prefix: prefix, from: number)
    }
}
