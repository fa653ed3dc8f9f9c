import CLinux
import Glibc

/// A mark in the environment of a command, which everything that it starts inherits, in whatever
/// process group or session: the way to find what is left of a run, and nothing else.
struct RunMark {
    private static let variable = "MPISWARM_TEST_RUN"

    let assignment: String

    init() {
        let number = UInt64.random(in: .min ... .max)
        assignment = "\(Self.variable)=\(getpid())-\(number)"
    }

    /// The processes that carry the mark and have not ended. A dead one shows no environment.
    func bearers() -> [pid_t] {
        guard let folder = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(folder) }
        var found: [pid_t] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name), process != getpid() else { continue }
            let environment = FileBytes.read(path: "/proc/\(name)/environ")
            if environment.split(separator: 0).contains(where: { $0.elementsEqual(assignment.utf8) }
            ) {
                found.append(process)
            }
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
            let alive = bearers()
            guard !alive.isEmpty else { break }
            for process in alive { kill(process, SIGKILL) }
            killed.formUnion(alive)
            usleep(10_000)
        }
        return killed.count
    }
}
