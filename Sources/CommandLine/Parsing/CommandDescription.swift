/// One command as help, completion and errors see it.
package struct CommandDescription: Hashable, Sendable {
    package let name: String
    /// The purpose, in one sentence.
    package let summary: String
    /// A command line that can be copied.
    package let example: String
    package let operands: [OperandDescription]
    /// By their groups, in the order of `OptionGroup`, and within a group as declared.
    package let options: [OptionDescription]
    package let exitCodes: [ExitCode]

    /// `run DIR`
    package var spelling: String {
        ([name] + operands.map(\.spelling)).joined(separator: " ")
    }

    package func options(in group: OptionGroup) -> [OptionDescription] {
        options.filter { $0.group == group }
    }
}
