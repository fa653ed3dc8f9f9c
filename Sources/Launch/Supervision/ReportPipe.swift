import CLinux
import Glibc

/// The pipe through which a worker reports to its supervisor.
struct ReportPipe: ~Copyable {
    private let reader: Int32
    let writer: Int32

    init() throws(LaunchError) {
        // The pipe does not block, because a process that the worker started may hold the other end
        // open for ever.
        (reader, writer) = try makePipe(O_CLOEXEC | O_NONBLOCK)
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// The reports, to be read after the worker's death, when they cannot change any more.
    func reports() throws(LaunchError) -> WorkerReports {
        var bytes = [UInt8](repeating: 0, count: WorkerReports.byteCountMax)
        do throws(LaunchError) {
            let count = try posix("read") { unsafe read(reader, &bytes, bytes.count) }
            return WorkerReports(parsing: Array(bytes.prefix(count)))
        } catch .call("read", errno: EAGAIN) {
            return WorkerReports(parsing: [])
        }
    }
}

func makePipe(_ flags: Int32) throws(LaunchError) -> (reader: Int32, writer: Int32) {
    var ends: (reader: Int32, writer: Int32) = (-1, -1)
    try posix("pipe2") {
        unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe pipe2(bytes.assumingMemoryBound(to: Int32.self).baseAddress, flags)
        }
    }
    return ends
}
