import CLinux
import Glibc

/// The reports of any thread of a worker to its supervisor. If the supervisor is gone, this process
/// is about to be killed as well, so a report that fails is no error.
package struct SupervisorLine: Sendable {
    let descriptor: Int32

    /// Ends this process with that code when it is still there after that time, and lets the
    /// supervisor take leave of the runtime. `MPI_Finalize` may never return: after a connection
    /// has failed, the list of events of its socket may be a circle.
    package func end(with code: Int32, after wait: Duration) throws(LaunchError) {
        _ = try NamedThread(name: "last", code) { code in
            let (seconds, rest) = wait.components
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest / 1_000_000_000))
            var left = timespec()
            // A signal may end the sleep early; what is left of it is slept then.
            while unsafe nanosleep(&time, &left) != 0 { time = left }
            report(.unfinalized)
            _exit(code)
        }
    }

    package func report(_ report: WorkerReports.Report) {
        let bytes = report.bytes
        _ = unsafe write(descriptor, bytes, bytes.count)
    }
}
