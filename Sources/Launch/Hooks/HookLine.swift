import CLinux
import Glibc

/// A worker's end of the pipes to its hook runner, which runs commands for it: a process that holds
/// MPI must not start others.
package struct HookLine: Sendable {
    static let variable = "MPISWARM_HOOK_LINE"

    let answers: Int32
    let orders: Int32

    /// Nil where the supervisor has started no runner.
    static func adopt() throws(LaunchError) -> HookLine? {
        guard let ends = try HookEnds.take(variable) else { return nil }
        return HookLine(answers: ends.reader, orders: ends.writer)
    }

    /// Waits until the command has ended. Nil where the runner is gone.
    package func run(_ order: HookOrder) throws(LaunchError) -> HookOutcome? {
        do throws(LaunchError) {
            try HookPipe.send(order.encoded, to: orders)
        } catch .call(_, EPIPE) { return nil }
        return try HookPipe.receive(from: answers).flatMap { HookOutcome(parsing: $0) }
    }
}
