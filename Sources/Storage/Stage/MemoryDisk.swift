import CLinux

/// File systems whose files lie in memory, such as /dev/shm, and the memory that they can take.
package enum MemoryDisk {
    /// From linux/magic.h: tmpfs and ramfs.
    private static let kinds: Set<UInt32> = [0x0102_1994, 0x8584_58F6]

    /// Whether a path from the root lies on one, or would if it were made.
    package static func holds(path: String) -> Bool {
        var path = path
        while true {
            let kind = unsafe clinux_file_system_type_of(path.isEmpty ? "/" : path)
            if kind != -1 { return kinds.contains(UInt32(truncatingIfNeeded: kind)) }
            guard let slash = path.lastIndex(of: "/"), !path.isEmpty else { return false }
            path = String(path[..<slash])
        }
    }

    /// The memory that is available on this node, within the limits of the process's own group; nil
    /// if the system does not say.
    package static func available() -> Int64? {
        let node = text("/proc/meminfo").flatMap(available(inMeminfo:))
        let group = text("/proc/self/cgroup").flatMap(room(inGroups:))
        return [node, group].compactMap(\.self).min()
    }

    static func available(inMeminfo text: String) -> Int64? {
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let words = line.split(separator: " ")
            return words.count == 3 ? Int64(words[1]).map { $0 * 1024 } : nil
        }
        return nil
    }

    /// What the group of the process, and those around it, may still take: Slurm limits jobs so.
    private static func room(inGroups groups: String) -> Int64? {
        guard var path = group(in: groups) else { return nil }
        var least: Int64?
        while true {
            let folder = "/sys/fs/cgroup\(path == "/" ? "" : path)"
            if let most = number(text("\(folder)/memory.max")),
                let taken = number(text("\(folder)/memory.current"))
            {
                least = min(least ?? .max, max(0, most - taken))
            }
            guard let slash = path.lastIndex(of: "/"), path != "/" else { return least }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// The line of version 2: `0::/system.slice/slurmd.service/job_7`.
    static func group(in groups: String) -> String? {
        let line = groups.split(separator: "\n").first { $0.hasPrefix("0::/") }
        return line.map { String($0.dropFirst(3)) }
    }

    /// Nil for `max`, which is no limit.
    private static func number(_ text: String?) -> Int64? {
        text.flatMap { Int64($0.filter { !$0.isWhitespace }) }
    }

    private static func text(_ path: String) -> String? {
        do throws(StorageError) {
            return String(decoding: try readWhole(path: path), as: UTF8.self)
        } catch { return nil }
    }
}
