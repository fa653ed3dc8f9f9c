import Glibc

/// The locks of jobs that write to a destination. A claim is known on one host alone; a lock lies
/// in the part folder of the copy, where the jobs of all hosts that share the file system see it.
enum DestinationLocks {
    private static let ending = ".mpiswarm-part"

    /// Whether a job writes a copy that gets this path, or one into the folder at this path.
    static func areHeld(at path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/") else { return false }
        let name = path[path.index(after: slash)...]
        if isHeld(below: "\(path[..<slash])/.\(name)\(ending)") { return true }
        return parts(in: path).contains { isHeld(below: "\(path)/\($0)") }
    }

    /// A path that is no folder has none; a folder that may not be read is refused later.
    private static func parts(in path: String) -> [String] {
        do throws(StorageError) {
            let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
            return try folder.names(path: path).compactMap {
                String(validating: $0, as: UTF8.self)
            }.filter { $0.hasPrefix(".") && $0.contains(ending) }
        } catch { return [] }
    }

    /// A shared lock is released at once: ranks that look at the same moment do not take one
    /// another for a job, and a job that begins meanwhile looks again.
    private static func isHeld(below area: String) -> Bool {
        let flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let raw = unsafe open("\(area)/lock", flags)
        guard raw >= 0 else { return false }
        defer {
            flock(raw, LOCK_UN)
            Glibc.close(raw)
        }
        return flock(raw, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK
    }
}
