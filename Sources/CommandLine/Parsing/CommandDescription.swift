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
    /// The beginning of the variables that stand for options; nil where there are none.
    package let variablePrefix: String?
    package let exitCodes: [ExitCode]

    /// `run DIR`
    package var spelling: String {
        ([name] + operands.map(\.spelling)).joined(separator: " ")
    }

    /// The environment variables that stand for options.
    package var variables: [String] {
        guard let variablePrefix else { return [] }
        return options.filter { $0 != .help && !$0.isTypedOnly }.map { $0.variable(variablePrefix) }
    }

    package func options(in group: OptionGroup) -> [OptionDescription] {
        options.filter { $0.group == group }
    }
}
