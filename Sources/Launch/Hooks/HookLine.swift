import CLinux
import Glibc

/// A worker's end of the pipes to its hook runner, which runs commands for it: a process that holds
/// MPI must not start others.
package struct HookLine: Sendable {
    static let variable = "MPISWARM_HOOK_LINE"

    let answers: Int32
    let orders: Int32

    /// The line to the runner; nil if the supervisor has started none.
    static func adopt() throws(LaunchError) -> HookLine? {
        guard let ends = try HookEnds.take(variable) else { return nil }
        return HookLine(answers: ends.reader, orders: ends.writer)
    }

    /// Has the runner run a command, and waits for its end. Returns nil if the runner is gone.
    package func run(_ order: HookOrder) throws(LaunchError) -> HookOutcome? {
        do throws(LaunchError) {
            try HookPipe.send(order.encoded, to: orders)
        } catch .call(_, EPIPE) { return nil }
        return try HookPipe.receive(from: answers).flatMap { HookOutcome(parsing: $0) }
    }
}
