/// The one place where a command's options and operands are declared.
package struct CommandTable<Options: CommandOptions>: Sendable {
    package let description: CommandDescription
    let operands: [Operand<Options>]
    let options: [Option<Options>]
    /// The beginning of the variables that stand for options; nil where there are none.
    let variablePrefix: String?

    /// A malformed table is a mistake of ours and ends the program at its first use. Names end up
    /// in a shell script, so they may hold nothing that a shell would interpret.
    package init(
        name: String, summary: String, example: String, operands: [Operand<Options>] = [],
        options: KeyValuePairs<OptionGroup, [Option<Options>]> = [:],
        variablePrefix: String? = nil,
        exits success: String, or failure: String
    ) {
        let declared = options.flatMap { group, options in options.map { $0.inGroup(group) } }
        let described = OptionGroup.allCases.flatMap { group in
            (declared.map(\.description) + [.help]).filter { $0.group == group }
        }
        Self.checkNames(described, command: name)
        precondition(
            operands.dropLast().allSatisfy { $0.description.arity == .one },
            "\(name): only the last operand may be absent or repeated")
        self.operands = operands
        self.options = declared
        self.variablePrefix = variablePrefix
        description = CommandDescription(
            name: name, summary: summary, example: example,
            operands: operands.map(\.description), options: described,
            variablePrefix: variablePrefix,
            exitCodes: ExitCode.all(success: success, failure: failure))
    }

    private static func checkNames(_ options: [OptionDescription], command: String) {
        let spellings = options.flatMap(\.spellings)
        precondition(
            Set(spellings).count == spellings.count, "\(command): an option is declared twice")
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
        for word in options.map(\.name) + [command] {
            precondition(
                !word.isEmpty && word.allSatisfy(letters.contains),
                "\(word): a name has lower-case letters, digits and hyphens only")
        }
    }
}
