import Glibc

/// Finds out whether a rank's standard error ends on a terminal. mpirun gives its ranks a pipe, and
/// what comes through it goes to mpirun's own standard error; the terminal that ranks have on
/// standard output is there even if that of mpirun is a file.
package struct LauncherTerminal {
    private let text: (String) -> String?
    private let target: (String) -> String?

    /// `text` returns the content of a file, and `target` the target of a link.
    init(text: @escaping (String) -> String?, target: @escaping (String) -> String?) {
        self.text = text
        self.target = target
    }

    package init() {
        self.init(text: SystemFile.text, target: Self.destination)
    }

    /// The names of launchers, as the kernel cuts the names of processes.
    private static let launchers: Set<String> = [
        "mpirun", "mpiexec", "orterun", "prterun", "mpiexec.hydra",
    ]
    /// The number of ancestors to look at: the supervisor, and a few wrappers.
    private static let ancestorsMax = 8

    package var isReached: Bool {
        isatty(STDERR_FILENO) == 1 || isLauncherOnTerminal(above: getpid())
    }

    /// False if the launcher runs on another node, where its standard error cannot be seen.
    func isLauncherOnTerminal(above process: pid_t) -> Bool {
        var process = process
        for _ in 0..<Self.ancestorsMax {
            guard let parent = parent(of: process), parent > 1 else { return false }
            process = parent
            let name = text("/proc/\(process)/comm").map { $0.filter { !$0.isNewline } }
            guard let name, Self.launchers.contains(name) else { continue }
            let stream = target("/proc/\(process)/fd/2") ?? ""
            return stream.hasPrefix("/dev/pts/") || stream.hasPrefix("/dev/tty")
        }
        return false
    }

    /// The parent of a process: the fourth field of its status. The second field is a name in
    /// parentheses, which may contain anything.
    private func parent(of process: pid_t) -> pid_t? {
        guard let line = text("/proc/\(process)/stat"), let end = line.lastIndex(of: ")") else {
            return nil
        }
        let fields = line[line.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }

    private static func destination(of path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = unsafe readlink(path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
