import Glibc

/// A signal by its number, with its usual name.
package struct Signal: Hashable, Sendable {
    package let number: Int32

    package init(_ number: Int32) { self.number = number }

    package static let hangUp = Signal(SIGHUP)
    package static let interrupt = Signal(SIGINT)
    package static let kill = Signal(SIGKILL)
    package static let pipe = Signal(SIGPIPE)
    package static let terminate = Signal(SIGTERM)
    package static let childChanged = Signal(SIGCHLD)
    package static let resume = Signal(SIGCONT)
    package static let stop = Signal(SIGSTOP)
    package static let terminalStop = Signal(SIGTSTP)
    package static let user1 = Signal(SIGUSR1)
    package static let user2 = Signal(SIGUSR2)

    /// The code that a shell reports for a process that ended by this signal: 130 for Ctrl-C, 143
    /// for a plain kill.
    package var exitCode: Int32 { 128 + number }
}

extension Signal: CustomStringConvertible {
    /// `sigabbrev_np` would return the same, but glibc has it only since 2.32.
    package var description: String {
        switch number {
        case SIGHUP: "SIGHUP"
        case SIGINT: "SIGINT"
        case SIGQUIT: "SIGQUIT"
        case SIGILL: "SIGILL"
        case SIGTRAP: "SIGTRAP"
        case SIGABRT: "SIGABRT"
        case SIGBUS: "SIGBUS"
        case SIGFPE: "SIGFPE"
        case SIGKILL: "SIGKILL"
        case SIGUSR1: "SIGUSR1"
        case SIGSEGV: "SIGSEGV"
        case SIGUSR2: "SIGUSR2"
        case SIGPIPE: "SIGPIPE"
        case SIGALRM: "SIGALRM"
        case SIGTERM: "SIGTERM"
        case SIGCHLD: "SIGCHLD"
        case SIGCONT: "SIGCONT"
        case SIGSTOP: "SIGSTOP"
        case SIGTSTP: "SIGTSTP"
        case SIGXCPU: "SIGXCPU"
        case SIGXFSZ: "SIGXFSZ"
        case SIGSYS: "SIGSYS"
        default: "unnamed"
        }
    }
}
