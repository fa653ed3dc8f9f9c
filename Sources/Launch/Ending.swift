import CLinux

/// How a process ended, as `waitpid` tells it.
package enum Ending: Equatable, Sendable {
    case exited(code: Int32)
    case killed(by: Signal)

    /// Nothing for a process that only stopped or went on.
    package init?(waitStatus: Int32) {
        if clinux_exited(waitStatus) != 0 {
            self = .exited(code: clinux_exit_code(waitStatus))
        } else if clinux_signaled(waitStatus) != 0 {
            self = .killed(by: Signal(clinux_signal(waitStatus)))
        } else {
            return nil
        }
    }
}
