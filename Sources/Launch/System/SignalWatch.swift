import Glibc

/// Turns the signals that ask a worker to end into calls on a thread of its own, where everything
/// is allowed: a signal handler may do next to nothing.
///
/// SIGCONT is not among them. mpirun announces the end of a job with it, but a user also resumes a
/// stopped rank with it; the supervisor distinguishes the two and passes the announcement on as
/// SIGTERM.
package struct SignalWatch {
    private static let watched = SignalSet([.terminate, .interrupt, .hangUp])

    /// Blocks the signals in the calling thread. To be called before `MPI_Init` and before the
    /// first thread: those inherit the mask, and a thread that did not block a signal would die
    /// of it.
    package init() throws(LaunchError) {
        try Self.watched.block()
    }

    /// Starts the thread, which calls `report` with every signal and ends with the process.
    package func start(_ report: @escaping @Sendable (Signal) -> Void) throws(LaunchError) {
        _ = try NamedThread(name: "signals", report) { report in
            while true {
                do throws(LaunchError) {
                    report(try Self.watched.wait().signal)
                } catch {
                    preconditionFailure("waiting for a signal: \(error)")
                }
            }
        }
    }
}
