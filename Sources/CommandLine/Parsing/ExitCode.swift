/// One exit code of a command, and when the command returns it.
package struct ExitCode: Hashable, Sendable {
    package let code: Int32
    /// Completes the sentence "`code` if ...".
    package let condition: String

    /// The three codes of every command.
    static func all(success: String, failure: String) -> [ExitCode] {
        [
            ExitCode(code: 0, condition: success),
            ExitCode(code: 1, condition: failure),
            ExitCode(code: UsageError.exitStatus, condition: "input is wrong"),
        ]
    }
}
