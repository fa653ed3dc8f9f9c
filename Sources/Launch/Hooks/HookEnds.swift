import CLinux
import Glibc

/// The two descriptors that a process gets in its environment, as `<reader> <writer>`.
struct HookEnds: Equatable {
    let reader: Int32
    let writer: Int32

    var text: String { "\(reader) \(writer)" }

    var both: [Int32] { [reader, writer] }

    /// Takes the descriptors out of the environment, and hides them from processes that this one
    /// starts.
    static func take(_ variable: String) throws(LaunchError) -> HookEnds? {
        guard let text = Environment.value(of: variable) else { return nil }
        try Environment.remove(variable)
        let fields = text.split(separator: " ").compactMap { Int32($0) }
        guard fields.count == 2, fields.allSatisfy({ $0 > STDERR_FILENO }) else {
            throw .badTicket(text)
        }
        for descriptor in fields {
            try posix("fcntl") { fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        }
        return HookEnds(reader: fields[0], writer: fields[1])
    }
}
