import CLinux
import Glibc

/// The worker's side of the supervisor: adopted → initialised. A death before `MPI_Init` has
/// returned ends the job, as the other ranks would wait there for ever; afterwards it costs this
/// rank alone.
package struct Worker: ~Copyable {
    private let descriptor: Int32
    /// Runs commands for this worker, if its supervisor was asked for that.
    package let hooks: HookLine?

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
        // If the supervisor died before the line above, the parent is another one by now.
        guard getppid() == ticket.supervisor else { throw .supervisorGone }

        // Writing to a dead rank must be an error, and not end this process.
        signal(SIGPIPE, SIG_IGN)
        try OpenMPISettings.apply()
        try posix("fcntl") { fcntl(ticket.descriptor, F_SETFD, FD_CLOEXEC) }
        return Worker(descriptor: ticket.descriptor, hooks: try HookLine.adopt())
    }

    /// To be used as soon as `MPI_Init` has returned, and until the worker ends.
    package var supervisor: SupervisorLine { SupervisorLine(descriptor: descriptor) }
}
