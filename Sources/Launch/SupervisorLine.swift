import CLinux
import Glibc

/// What any thread of a worker may report to its supervisor. Where that is gone this process is
/// about to be killed as well, so that a report which fails is no error.
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
