import CLinux

/// The end of a process, as `waitpid` reports it.
package enum Ending: Equatable, Sendable {
    case exited(code: Int32)
    case killed(by: Signal)

    /// Nil for a process that only stopped or was resumed.
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
