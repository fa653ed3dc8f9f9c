import CLinux
import Glibc

/// Finds what Open MPI leaves behind when mpirun is killed: the shared memory of its ranks, and its
/// folders of temporary files.
///
/// The kernel decides whether a file has an owner: it grants a lease for writing only on a file
/// that no process has open or mapped, in whatever container that may run. A folder has none if
/// that is true of all its files, if these are at least a minute old, and if the mpirun that it is
/// named after is dead. What another user owns is never looked into.
package struct LeftoverSearch: Sendable {
    private let user: UInt32
    private let host: String
    private let memoryFolder: String
    private let temporaryFolders: [String]
    /// In seconds since 1970.
    private let now: Int64

    /// A job that begins has made its folder, and may not have mapped its files yet.
    static let secondsMin: Int64 = 60
    private static let depthMax = 16

    package init(
        user: UInt32 = geteuid(), host: String, temporaryFolders: [String],
        memoryFolder: String = "/dev/shm", now: Int64
    ) {
        self.user = user
        self.host = host
        self.memoryFolder = memoryFolder
        self.temporaryFolders = temporaryFolders
        self.now = now
    }

    package func found() throws(StorageError) -> [Leftover] {
        // A process that opens a file meanwhile makes the kernel send this to us.
        signal(SIGIO, SIG_IGN)
        var found = try memory()
        for folder in temporaryFolders { found += try sessions(in: folder) }
        return found
    }

    /// False where it is in use by now, or gone.
    package func remove(_ leftover: Leftover) throws(StorageError) -> Bool {
        do throws(StorageError) {
            guard leftover.isFolder else {
                let file = try OpenFile(opening: leftover.path, flags: O_RDONLY | O_NOFOLLOW)
                guard try isOurs(file, leftover.path), isUnused(file) else { return false }
                // While the lease is held no other process can open it.
                try posix("unlink", leftover.path) { unsafe unlink(leftover.path) }
                return true
            }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
            let folder = try OpenFile(opening: leftover.path, flags: flags)
            try folder.removeContents(path: leftover.path)
            try posix("rmdir", leftover.path) { unsafe rmdir(leftover.path) }
            return true
        } catch .system(_, _, ENOENT) { return false }
    }

    // MARK: shared memory

    private func memory() throws(StorageError) -> [Leftover] {
        var found: [Leftover] = []
        for name in try names(in: memoryFolder) where name.hasPrefix("vader_segment.") {
            let path = "\(memoryFolder)/\(name)"
            do throws(StorageError) {
                let file = try OpenFile(opening: path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
                guard try isOurs(file, path), isUnused(file) else { continue }
                let size = Int64(try file.status(path: path).st_blocks) * 512
                found.append(Leftover(path: path, byteCount: size, isFolder: false))
            } catch { continue }
        }
        return found
    }

    private func isOurs(
        _ file: borrowing OpenFile, _ path: String
    ) throws(StorageError) -> Bool {
        let status = try file.status(path: path)
        return status.st_uid == user && status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1
    }

    /// Holds the lease until the file is closed.
    private func isUnused(_ file: borrowing OpenFile) -> Bool {
        clinux_take_lease(file.raw) == 0
    }

    // MARK: folders of temporary files

    /// `ompi.HOST.UID/pid.PID` on the node of mpirun, `ompi.HOST.UID/jf.NUMBER` on the others.
    private func sessions(in folder: String) throws(StorageError) -> [Leftover] {
        // Named after all of the host's name, or its first part.
        let short = String(host.prefix { $0 != "." })
        var found: [Leftover] = []
        for name in Set([host, short]).sorted().map({ "ompi.\($0).\(user)" }) {
            let top = "\(folder)/\(name)"
            guard try isOurFolder(top) else { continue }
            for session in try names(in: top) {
                let path = "\(top)/\(session)"
                guard isDead(session), try isOurFolder(path) else { continue }
                var contents = Contents()
                guard try isUnused(path, depth: 0, &contents), contents.fileCount > 0 else {
                    continue
                }
                found.append(
                    Leftover(path: path, byteCount: contents.byteCount, isFolder: true))
            }
        }
        return found
    }

    private func isDead(_ session: String) -> Bool {
        let parts = session.split(separator: ".")
        guard parts.count == 2, let number = Int32(parts[1]), number > 0 else { return false }
        switch parts[0] {
        case "jf": return true
        case "pid": return !isRunning(number)
        default: return false
        }
    }

    private func isOurFolder(_ path: String) throws(StorageError) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return false }
        return status.st_uid == user && status.st_mode & S_IFMT == S_IFDIR
            && status.st_mode & 0o022 == 0
    }

    private struct Contents {
        var fileCount = 0
        var byteCount: Int64 = 0
    }

    /// False where a file is in use, young or another user's.
    private func isUnused(
        _ path: String, depth: Int, _ contents: inout Contents
    ) throws(StorageError) -> Bool {
        guard depth < Self.depthMax else { return false }
        for name in try names(in: path) {
            let inside = "\(path)/\(name)"
            var status = stat()
            guard unsafe lstat(inside, &status) == 0, status.st_uid == user else { return false }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                guard try isUnused(inside, depth: depth + 1, &contents) else { return false }
            case S_IFREG:
                guard now - Int64(status.st_mtim.tv_sec) >= Self.secondsMin else { return false }
                let file = try OpenFile(opening: inside, flags: O_RDONLY | O_NOFOLLOW)
                guard isUnused(file) else { return false }
                contents.fileCount += 1
                contents.byteCount += Int64(status.st_blocks) * 512
            default: continue
            }
        }
        return true
    }

    /// None where there is no such folder, or it may not be read.
    private func names(in path: String) throws(StorageError) -> [String] {
        do throws(StorageError) {
            let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            return try folder.names(path: path).map { String(decoding: $0, as: UTF8.self) }
                .sorted()
        } catch .system(_, _, ENOENT) { return [] } catch .system(_, _, EACCES) { return [] }
    }
}
