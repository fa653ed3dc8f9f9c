import Glibc

/// The children of another process, as the kernel lists them.
enum ChildProcesses {
    /// Whether none of them runs any more. Nil where the kernel does not list them.
    static func areGone(of process: pid_t) -> Bool? {
        let tasks = "/proc/\(process)/task"
        guard let folder = unsafe opendir(tasks) else { return nil }
        defer { unsafe closedir(folder) }
        var isListed = false
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            guard Int32(name) != nil, let list = SystemFile.text(at: "\(tasks)/\(name)/children")
            else { continue }
            isListed = true
            let children = list.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
            guard children.allSatisfy(hasEnded) else { return false }
        }
        return isListed ? true : nil
    }

    /// Whether it waits only for its parent to ask for its exit code.
    private static func hasEnded(_ process: pid_t) -> Bool {
        // The state stands behind the name, which is in parentheses and may hold anything.
        guard let line = SystemFile.text(at: "/proc/\(process)/stat"),
            let end = line.lastIndex(of: ")")
        else { return true }
        return ["Z", "X"].contains(line[line.index(after: end)...].drop { $0 == " " }.first)
    }
}
