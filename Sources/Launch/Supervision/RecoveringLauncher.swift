import Glibc

/// OPEN MPI ONLY: mpirun with `--enable-recovery`, which continues when it has lost a whole node,
/// but then never ends, because it waits for the processes that it started there.
package enum RecoveringLauncher {
    private static let programs: Set<String> = ["orterun", "mpirun", "mpiexec"]

    /// Whether this rank belongs to such a job.
    package static var isAbove: Bool {
        ["1", "true"].contains(Environment.value(of: "OMPI_MCA_orte_enable_recovery") ?? "")
    }

    /// Whether this rank also runs on the launcher's node, as its child. On other nodes the ranks
    /// are children of a daemon, without which they would die.
    package static var isParent: Bool {
        guard isAbove, let own = daemon("local_daemon") else { return false }
        return own == daemon("hnp")
    }

    /// Ends the launcher, if it is the caller's parent.
    static func end() {
        guard isParent else { return }
        let parent = getppid()
        if isLauncher(parent) { kill(parent, SIGTERM) }
    }

    /// Whether the process runs the program that starts a job, and ends with it.
    static func isLauncher(_ process: pid_t) -> Bool {
        program(of: process).map(programs.contains) ?? false
    }

    /// The name of a daemon, which comes before its addresses.
    private static func daemon(_ which: String) -> Substring? {
        Environment.value(of: "OMPI_MCA_orte_\(which)_uri")?.prefix { $0 != ";" }
    }

    /// The name of a process's program: the last part of its file's path.
    private static func program(of process: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/\(process)/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        let path = String(decoding: buffer.prefix(count), as: UTF8.self)
        return path.split(separator: "/").last.map(String.init)
    }
}
