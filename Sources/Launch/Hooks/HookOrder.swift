/// A command for the hook runner, with its encoding: milliseconds, prefix and command, with a zero
/// byte between each two.
package struct HookOrder: Equatable, Sendable {
    /// The command, an argument of `sh -c`.
    package var command: String
    /// The text before each line of its output.
    package var prefix: String
    /// Nil for no limit.
    package var timeout: Duration?

    package init(command: String, prefix: String, timeout: Duration? = nil) {
        self.command = command
        self.prefix = prefix
        self.timeout = timeout
    }

    init?(parsing bytes: [UInt8]) {
        let fields = bytes.split(separator: 0, omittingEmptySubsequences: false)
        guard fields.count == 3,
            let milliseconds = Int64(String(decoding: fields[0], as: UTF8.self))
        else { return nil }
        timeout = milliseconds < 0 ? nil : .milliseconds(milliseconds)
        prefix = String(decoding: fields[1], as: UTF8.self)
        command = String(decoding: fields[2], as: UTF8.self)
    }

    var encoded: [UInt8] {
        let milliseconds = timeout.map { Int64($0 / .milliseconds(1)) } ?? -1
        return Array("\(milliseconds)\0\(prefix)\0\(command)".utf8)
    }
}
