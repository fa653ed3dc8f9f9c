import CLinux
import Glibc

/// The pipe through which a worker reports: one byte when `MPI_Init` has returned, and another when
/// the launcher is to end with it.
struct InitialisedPipe: ~Copyable {
    private let reader: Int32
    let writer: Int32

    init() throws(LaunchError) {
        // Not blocking, since anything the worker started may hold the other end open for ever.
        (reader, writer) = try makePipe(O_CLOEXEC | O_NONBLOCK)
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// The number of reports. It is read after the death of the worker, when it cannot change any
    /// more.
    func reportCount() throws(LaunchError) -> Int {
        var bytes: [UInt8] = [0, 0]
        do throws(LaunchError) {
            return try posix("read") { unsafe read(reader, &bytes, bytes.count) }
        } catch .call("read", errno: EAGAIN) {
            return 0
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
