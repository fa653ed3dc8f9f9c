import Glibc

/// Whether a process of this machine runs. A process that has ended exists until its parent takes
/// note of it, which may be long after; it counts as ended.
func isRunning(_ process: pid_t) -> Bool {
    guard kill(process, 0) == 0 || errno != ESRCH else { return false }
    do throws(StorageError) {
        // "PID (NAME) STATE …", where NAME may have any characters.
        let text = try readWhole(path: "/proc/\(process)/stat")
        guard let end = text.lastIndex(of: UInt8(ascii: ")")), end + 2 < text.count else {
            return true
        }
        return text[end + 2] != UInt8(ascii: "Z") && text[end + 2] != UInt8(ascii: "X")
    } catch {
        // It has ended by now, or this system has no such file.
        return kill(process, 0) == 0 || errno != ESRCH
    }
}
