import CLinux
import Glibc

/// OPEN MPI ONLY: a process that ends mpirun when mpirun has ended the job and does not return. It
/// may wait for a lock of its own for ever if a rank was killed within `MPI_Init`.
///
///     watching → over, when mpirun has ended
///
/// It leads a session of its own and keeps no descriptor but the one for mpirun, so that nothing
/// waits for it. Invariant: it signals only the parent of the supervisor that started it.
package struct LauncherWatch {
    static let variable = "MPISWARM_LAUNCHER_WATCH"
    private static let lookMilliseconds: Int32 = 1000
    /// The time for an end after SIGTERM.
    private static let lastMilliseconds: Int32 = 2000

    private let ticket: LauncherTicket

    /// To be called first in `main`. Nil if this process is not a watch.
    package static func adopt(name: String) throws(LaunchError) -> LauncherWatch? {
        guard let text = Environment.value(of: variable) else { return nil }
        try Environment.remove(variable)
        let ticket = try LauncherTicket(parsing: text)
        try posix("prctl") { unsafe clinux_name_process(name) }
        clinux_close_but(ticket.descriptor)
        try posix("chdir") { unsafe chdir("/") }
        return LauncherWatch(ticket: ticket)
    }

    /// Returns when the launcher has ended, or is not to be ended.
    package func work() throws(LaunchError) {
        // The supervisors of all ranks may have started one.
        guard unsafe clinux_claim_name("mpiswarm.watch.\(ticket.launcher)") >= 0 else { return }
        var count = IdleCount(looksMax: ticket.looksMax)
        while try !hasEnded(within: Self.lookMilliseconds) {
            switch count.look(isIdle: ChildProcesses.areGone(of: ticket.launcher)) {
            case .wait: continue
            case .giveUp: return
            case .end: return try end()
            }
        }
    }

    private func end() throws(LaunchError) {
        announce()
        clinux_signal_process(ticket.descriptor, SIGTERM)
        guard try !hasEnded(within: Self.lastMilliseconds) else { return }
        clinux_signal_process(ticket.descriptor, SIGKILL)
    }

    private func hasEnded(within milliseconds: Int32) throws(LaunchError) -> Bool {
        var wanted = pollfd(fd: ticket.descriptor, events: Int16(POLLIN), revents: 0)
        return try posix("poll") { unsafe poll(&wanted, 1, milliseconds) } == 1
    }

    /// The ranks' own ways to the user are gone.
    private func announce() {
        guard let errors = launcherErrors else { return }
        defer { close(errors) }
        let line = Array(
            "mpiswarm: the job has ended, and mpirun does not end: it is killed\n".utf8)
        _ = unsafe write(errors, line, line.count)
    }

    /// The launcher's standard error; nil where that cannot be had.
    private var launcherErrors: Int32? {
        let shared = clinux_descriptor_of(ticket.descriptor, STDERR_FILENO)
        if shared >= 0 { return shared }
        let flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let opened = unsafe open("/proc/\(ticket.launcher)/fd/2", flags)
        var status = stat()
        // In a file, what others write next would go over the line.
        guard opened >= 0, unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT != S_IFREG
        else {
            close(opened)
            return nil
        }
        return opened
    }
}
