import Glibc

/// What any thread of a worker may report to its supervisor. Where that is gone this process is
/// about to be killed as well, so that a report which fails is no error.
package struct SupervisorLine: Sendable {
    let descriptor: Int32

    package func report(_ report: WorkerReports.Report) {
        let bytes = report.bytes
        _ = unsafe write(descriptor, bytes, bytes.count)
    }
}
