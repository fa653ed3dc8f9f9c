import CLinux
import Glibc

/// A mark in the environment of a command, which everything that it starts inherits, in whatever
/// process group or session: the way to find what is left of a run, and nothing else.
struct RunMark {
    private static let variable = "MPISWARM_TEST_RUN"

    let assignment: String
    /// In ticks since the machine's start, as the kernel counts the beginnings of processes.
    private let madeAt: Int

    init() {
        var now = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &now)
        let ticks = sysconf(Int32(_SC_CLK_TCK))
        madeAt = now.tv_sec * ticks + now.tv_nsec / (1_000_000_000 / ticks)
        let number = UInt64.random(in: .min ... .max)
        assignment = "\(Self.variable)=\(getpid())-\(number)"
    }

    /// The processes that carry the mark and have not ended. A dead one shows no environment.
    func bearers() -> [pid_t] { look().bearers }

    /// Whether no process carries the mark.
    func isGone() -> Bool {
        let seen = look()
        return seen.bearers.isEmpty && !seen.isAnyUnknown
    }

    /// A process that changes its program shows no environment for a moment: whether it carries the
    /// mark is unknown then.
    private func look() -> (bearers: [pid_t], isAnyUnknown: Bool) {
        var found: [pid_t] = []
        var isAnyUnknown = false
        for process in Self.processes() {
            let environment = FileBytes.read(path: "/proc/\(process)/environ")
            if environment.split(separator: 0).contains(where: { $0.elementsEqual(assignment.utf8) }
            ) {
                found.append(process)
            }
            if environment.isEmpty, mayCarry(process) { isAnyUnknown = true }
        }
        return (found, isAnyUnknown)
    }

    /// Whether the process lives, is not the kernel's own, and has begun since the mark was made.
    private func mayCarry(_ process: pid_t) -> Bool {
        let status = FileBytes.read(path: "/proc/\(process)/stat")
        // The name before it, in parentheses, may contain anything.
        guard let end = status.lastIndex(of: UInt8(ascii: ")")) else { return false }
        let fields = status[end...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 20, !["Z", "X"].contains(fields[1]), let begun = Int(fields[20])
        else { return false }
        let isOfKernel = fields[2] == "2"
        return !isOfKernel && begun >= madeAt
    }

    private static func processes() -> [pid_t] {
        guard let folder = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(folder) }
        var found: [pid_t] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let process = pid_t(name), process != getpid() { found.append(process) }
        }
        return found
    }

    /// Each bearer in a few words.
    func portraits() -> [String] {
        bearers().map { process in
            let status = FileBytes.read(path: "/proc/\(process)/stat")
            let wait = FileBytes.read(path: "/proc/\(process)/wchan")
            return (status.split(separator: UInt8(ascii: " ")).prefix(4) + [wait[...]])
                .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        }
    }

    /// Kills what carries the mark until nothing does, as a process may start another meanwhile.
    /// Returns how many there were.
    func killBearers() -> Int {
        var killed: Set<pid_t> = []
        for _ in 0..<100 {
            let seen = look()
            guard !seen.bearers.isEmpty || seen.isAnyUnknown else { break }
            for process in seen.bearers { kill(process, SIGKILL) }
            killed.formUnion(seen.bearers)
            usleep(10_000)
        }
        return killed.count
    }
}
