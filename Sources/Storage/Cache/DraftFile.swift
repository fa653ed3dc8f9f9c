import Glibc

/// A file of a cache that is not complete. It is locked while its process lives, whatever number
/// that process has, so that what killed processes left can be told from it.
struct DraftFile: ~Copyable {
    let file: OpenFile
    let path: String
    private let folder: CacheFolder
    private let name: String
    private var isPending = true

    /// Another process may take a file for a remain before it is locked.
    private static let attemptsMax = 100

    init(in folder: CacheFolder) throws(StorageError) {
        for _ in 0..<Self.attemptsMax {
            let name = try Self.number() + Self.suffix
            let path = "\(folder.path)/drafts/\(name)"
            let file: OpenFile
            do throws(StorageError) {
                file = try OpenFile(creating: name, in: folder.drafts, path: path)
            } catch .system(_, _, EEXIST) { continue }
            guard try Self.lock(file, path: path),
                try Self.isNamed(file, name, in: folder, path: path)
            else { continue }
            self.file = file
            self.path = path
            self.folder = folder
            self.name = name
            return
        }
        throw .noFreeName(path: "\(folder.path)/drafts")
    }

    /// 16 digits that no other process has, not even one with the same number in another container.
    private static func number() throws(StorageError) -> String {
        let path = "/dev/urandom"
        var bytes = [UInt8](repeating: 0, count: 8)
        let device = try OpenFile(opening: path, flags: O_RDONLY)
        guard try device.read(into: &bytes, from: 0, path: path) == bytes.count else {
            throw .system(call: "read", path: path, errno: EIO)
        }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    deinit {
        if isPending { unsafe unlinkat(folder.drafts.raw, name, 0) }
    }

    private static let suffix = ".part"

    private static func lock(
        _ file: borrowing OpenFile, path: String
    ) throws(StorageError) -> Bool {
        let raw = file.raw
        do throws(StorageError) {
            try posix("flock", path) { flock(raw, LOCK_EX | LOCK_NB) }
            return true
        } catch .system(_, _, EWOULDBLOCK) { return false }
    }

    private static func isNamed(
        _ file: borrowing OpenFile, _ name: String, in folder: CacheFolder, path: String
    ) throws(StorageError) -> Bool {
        do throws(StorageError) {
            let named = try folder.drafts.status(of: Array(name.utf8), follows: false, path: path)
            return try FileIdentity(named) == FileIdentity(file.status(path: path))
        } catch .system(_, _, ENOENT) { return false }
    }

    /// Puts the file in the place of whatever had that name. Returns its state there; nil if
    /// another process has changed it, or has put another file there.
    consuming func takeName(
        _ final: String, in place: borrowing OpenFile, at finalPath: String
    ) throws(StorageError) -> FileStamp? {
        let raw = file.raw
        let from = folder.drafts.raw
        let to = place.raw
        let name = name
        // Some file systems report a failed write only now.
        try posix("close", path) {
            let copy = fcntl(raw, F_DUPFD_CLOEXEC, 0)
            return copy < 0 ? copy : close(copy)
        }
        let before = try file.status(path: path)
        try posix("renameat", finalPath) { unsafe renameat(from, name, to, final) }
        isPending = false
        let after = try file.status(path: finalPath)
        let named: stat
        do throws(StorageError) {
            named = try place.status(of: Array(final.utf8), follows: false, path: finalPath)
        } catch .system(_, _, ENOENT) { return nil }
        guard FileIdentity(named) == FileIdentity(after),
            try FileState(before, path: path) == FileState(after, path: path),
            FileStamp(named) == FileStamp(after)
        else { return nil }
        return FileStamp(after)
    }

    /// Removes what processes that have ended left.
    static func sweep(_ folder: CacheFolder) throws(StorageError) {
        let above = "\(folder.path)/drafts"
        let listed = try OpenFile(folder: ".", in: folder.drafts, path: above)
        for bytes in try listed.names(path: above) {
            let name = String(decoding: bytes, as: UTF8.self)
            guard bytes.count == 16 + suffix.utf8.count, name.hasSuffix(suffix),
                UInt64(name.prefix(16), radix: 16) != nil
            else { continue }
            let path = "\(above)/\(name)"
            do throws(StorageError) {
                let file = try CacheFolder.open(
                    name, in: folder.drafts, flags: O_RDONLY, path: path)
                guard try lock(file, path: path) else { continue }
                // The lock is held until the name is gone.
                try folder.drafts.unlinkIfThere(name, path: path)
                _ = consume file
            } catch .system("openat", _, let code) where code == ENOENT || code == ELOOP {
                continue
            }
        }
    }
}
