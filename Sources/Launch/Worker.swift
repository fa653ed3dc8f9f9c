import CLinux
import Glibc

/// The worker's side of the supervisor: adopted → initialised. At its end it may ask that the
/// launcher end too.
/// Between the two a death ends the job, as the other ranks would wait in `MPI_Init` for ever;
/// afterwards it costs this rank alone.
package struct Worker: ~Copyable {
    private let descriptor: Int32

    /// To be called first in `main`, before any thread and before `MPI_Init`. Returns nil if this
    /// process is not a worker (and so has to be the supervisor). Otherwise the process is called
    /// `name`, dies with its supervisor, ignores SIGPIPE and has the parameters for Open MPI in its
    /// environment.
    package static func adopt(name: String) throws(LaunchError) -> Worker? {
        guard let text = Environment.value(of: WorkerTicket.variable) else { return nil }
        let ticket = try WorkerTicket(parsing: text)
        try Environment.remove(WorkerTicket.variable)

        try posix("prctl") { unsafe clinux_name_process(name) }
        try posix("prctl") { clinux_die_with_parent(SIGKILL) }
        // Death before the line above went unnoticed; then the parent is another one by now.
        guard getppid() == ticket.supervisor else { throw .supervisorGone }

        // A socket to a dead rank must be an error, not our death.
        signal(SIGPIPE, SIG_IGN)
        try OpenMPISettings.apply()
        try posix("fcntl") { fcntl(ticket.descriptor, F_SETFD, FD_CLOEXEC) }
        return Worker(descriptor: ticket.descriptor)
    }

    /// To be called once, as soon as `MPI_Init` has returned.
    package func reportInitialised() throws(LaunchError) { try report() }

    /// To be called once, after that and before the worker ends: a launcher that lost a node and
    /// recovers would wait for it for ever.
    package consuming func askToEndLauncher() throws(LaunchError) { try report() }

    private func report() throws(LaunchError) {
        let written = try posix("write") { unsafe write(descriptor, [UInt8(1)], 1) }
        precondition(written == 1, "a pipe takes one byte or none")
    }
}
