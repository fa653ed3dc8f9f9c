/// What a finished command left behind.
package struct CommandResult: Sendable {
    /// As a shell reports it: the exit code, or 128 + signal.
    package let status: Int32
    /// Standard output and standard error; bytes that are not UTF-8 are replaced.
    package let output: String
    package let errors: String
    /// The command did not end within its limit and was killed.
    package let ranOut: Bool
    /// What had not ended when it ran out, a line each: pid, name, state, parent, and the kernel
    /// function that it waited in.
    package let unfinished: [String]
    /// How many processes it had started outlived it. They are dead by now.
    package let orphans: Int

    /// Of a command that could not be run.
    package static let nothing = CommandResult(
        status: -1, output: "", errors: "", ranOut: false, unfinished: [], orphans: 0)

    package var lines: [String] { output.split(separator: "\n").map(String.init) }
}
