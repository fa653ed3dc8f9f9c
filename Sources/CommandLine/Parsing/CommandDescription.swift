/// One command as help, completion and errors see it.
package struct CommandDescription: Hashable, Sendable {
    package let name: String
    /// What it does, in one sentence.
    package let summary: String
    /// A command line that can be copied.
    package let example: String
    package let operands: [OperandDescription]
    /// As declared, then `--help`.
    package let options: [OptionDescription]

    /// `run DIR`
    package var spelling: String {
        ([name] + operands.map(\.spelling)).joined(separator: " ")
    }
}
