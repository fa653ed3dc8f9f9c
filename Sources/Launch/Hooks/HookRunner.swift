import CLinux
import Glibc

/// The process beside a worker that runs commands for it, one after another. Its supervisor starts
/// it before the worker; it never calls MPI, and leads a process group of its own, which mpirun's
/// signals do not reach.
///
///     idle → running → idle
///     (any) → over, when the worker's end of the pipe is closed
///
/// Invariant: in the state `over`, none of the commands is still running.
package struct HookRunner: Sendable {
    static let variable = "MPISWARM_HOOK_RUNNER"

    let orders: Int32
    let answers: Int32
    /// The descriptor for the output of commands.
    let output: Int32

    /// To be called first in `main`. Returns nil if this process is not a runner.
    package static func adopt(name: String) throws(LaunchError) -> HookRunner? {
        guard let ends = try HookEnds.take(variable) else { return nil }
        try posix("prctl") { unsafe clinux_name_process(name) }
        // A write to a worker that is gone must be an error, and not end this process.
        signal(SIGPIPE, SIG_IGN)
        return HookRunner(orders: ends.reader, answers: ends.writer, output: STDERR_FILENO)
    }

    /// Runs the ordered commands until the worker is gone.
    package func serve() throws(LaunchError) {
        while let message = try HookPipe.receive(from: orders) {
            guard let order = HookOrder(parsing: message), let outcome = try run(order) else {
                return
            }
            do throws(LaunchError) {
                try HookPipe.send(outcome.encoded, to: answers)
            } catch .call(_, EPIPE) { return }
        }
    }

    /// Runs a command to its end; nil if the worker is gone.
    private func run(_ order: HookOrder) throws(LaunchError) -> HookOutcome? {
        let process: HookProcess
        do throws(LaunchError) { process = try HookProcess(order.command) } catch .call(_, let code)
        {
            return HookOutcome(.notStarted(errno: code))
        }
        var printer = HookPrinter(prefix: order.prefix, output: output)
        // A step is short enough to see the end of the command soon.
        let stepMilliseconds: Int32 = 20
        let deadline = order.timeout.map { HookClock.now + $0 }
        var isLate = false
        while true {
            let isWorkerGone = try process.wait(
                besides: orders, milliseconds: stepMilliseconds, into: &printer)
            if isWorkerGone {
                process.killGroup()
                try process.awaitEnd(looksMax: 50)
                return nil
            }
            if let deadline, !isLate, HookClock.now >= deadline {
                isLate = true
                process.killGroup()
            }
            guard let end = try process.end() else { continue }
            try process.drain(into: &printer)
            printer.finish()
            return HookOutcome(isLate ? .timedOut : end, lastLine: printer.lastLine)
        }
    }
}

/// A clock that changes of the date do not affect.
enum HookClock {
    static var now: Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
