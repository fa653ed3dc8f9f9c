import CLinux
import Glibc

/// Carries a worker's standard error to the supervisor's own, through an `ErrorFilter`, on a thread
/// of its own. It always reads, even if nothing reads its output, so that a rank never waits for
/// its messages. Up to `waitingMax` bytes wait for output; more are dropped.
struct ErrorRelay: ~Copyable {
    /// The worker's end of the pipe, closed here once the worker has it.
    private var writer: Int32
    /// This descriptor is closed to end the thread.
    private let stopper: Int32
    private let thread: NamedThread

    /// Starts the relay. Returns nil if standard error is a terminal, which the worker keeps.
    static func start() throws(LaunchError) -> ErrorRelay? {
        guard isatty(STDERR_FILENO) == 0 else { return nil }
        // A write to a runtime that is gone must be an error, and not end this process.
        signal(SIGPIPE, SIG_IGN)
        let errors = try makePipe(O_CLOEXEC)
        let stop = try makePipe(O_CLOEXEC)
        // Only the reading end does not block: the worker still waits for room at its end.
        try posix("fcntl") { fcntl(errors.reader, F_SETFL, O_NONBLOCK) }
        let carrier = ErrorCarrier(input: errors.reader, stop: stop.reader, output: STDERR_FILENO)
        let thread = try NamedThread(name: "errors", carrier) { $0.work() }
        return ErrorRelay(writer: errors.writer, stopper: stop.writer, thread: thread)
    }

    private init(writer: Int32, stopper: Int32, thread: NamedThread) {
        self.writer = writer
        self.stopper = stopper
        self.thread = thread
    }

    var workerEnd: Int32 { writer }

    /// Closes the worker's end here, once the worker has the pipe, so that the stream ends with the
    /// worker.
    mutating func handOver() {
        close(writer)
        writer = -1
    }

    /// Waits, after the worker's death, until its output is written, or for a second.
    consuming func finish() throws(LaunchError) {
        close(stopper)
        try thread.join()
    }
}
