import Content
import Glibc
import Vocabulary

/// The states by which a later job recognises files that have not changed.
extension TreeSource {
    /// The present states of the files with bytes, in tree order. Nil for a file that is shorter
    /// than `lengthMin`, is in an archive, is described, or is not as it was listed, and for one
    /// that changed a moment ago: a change after it was read could then leave the times as they
    /// are.
    func states(lengthMin: Int64 = 1, now: Int64 = wallClock()) -> [FileStamp?] {
        manifest.entries.filter { $0.length > 0 }.map { entry in
            guard entry.length >= lengthMin else { return nil }
            do throws(StorageError) { return try state(of: entry, now: now) } catch { return nil }
        }
    }

    private func state(of entry: TreeEntry, now: Int64) throws(StorageError) -> FileStamp? {
        let root = try root(of: entry.path)
        guard root.site.archive == nil, root.site.places == nil else { return nil }
        let file = try root.open(entry.path, follows: follows)
        let path = root.fullPath(of: entry.path)
        let status = try file.file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG,
            try FileState(status, path: path) == root.state(of: entry)
        else { return nil }
        return Self.isSettled(status, now: now) ? FileStamp(status) : nil
    }

    /// Whether a later change will show in the times of an entry. They advance by ticks: of the
    /// kernel, of some milliseconds, or of whole seconds.
    static func isSettled(_ status: stat, now: Int64) -> Bool {
        let changed = status.st_ctim
        let margin = changed.tv_nsec == 0 ? secondsMargin : ticksMargin
        let age = now - (Int64(changed.tv_sec) * 1_000_000_000 + Int64(changed.tv_nsec))
        return age > margin
    }

    private static let ticksMargin: Int64 = 100_000_000
    private static let secondsMargin: Int64 = 2_100_000_000

    /// Nanoseconds since 1970.
    static func wallClock() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
