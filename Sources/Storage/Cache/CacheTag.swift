import Glibc

/// The file by which a folder is known as a cache of this version. Programs that make backups know
/// its name and its first line, and skip the folder.
///
/// Invariant: it is written into an empty folder only, so that nothing that another program keeps
/// is ever taken for a part of a cache.
enum CacheTag {
    static let name = "CACHEDIR.TAG"
    private static let text = """
        Signature: 8a477f597d28d172789f06886806bc55
        # cache of mpiswarm, version 1

        """

    /// Writes it where `creates` and the folder is empty; refuses a folder without it.
    static func demand(
        in top: borrowing OpenFile, path: String, creates: Bool
    ) throws(StorageError) {
        let markerPath = "\(path)/\(name)"
        let expected = Array(text.utf8)
        let found: [UInt8]?
        do throws(StorageError) {
            let file = try CacheFolder.open(name, in: top, flags: O_RDONLY, path: markerPath)
            guard try file.status(path: markerPath).st_mode & S_IFMT == S_IFREG else {
                throw .notACache(path: path)
            }
            found = try readWhole(descriptor: file.raw, path: markerPath)
        } catch .system("openat", _, let code) where code == ENOENT || code == ELOOP {
            found = nil
        }
        if found == expected { return }
        // A process that was killed at the first write left an empty one.
        let listed = try OpenFile(folder: ".", in: top, path: path)
        let others = try listed.names(path: path).filter { $0 != Array(name.utf8) }
        guard creates, others.isEmpty, found?.isEmpty != false else {
            throw .notACache(path: path)
        }
        let file = try CacheFolder.open(
            name, in: top, flags: O_WRONLY | O_CREAT, path: markerPath)
        try unsafe file.write(expected.span.bytes, path: markerPath)
    }
}
