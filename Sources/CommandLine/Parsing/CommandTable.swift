/// The one place where a command's options and operands are declared.
package struct CommandTable<Options: CommandOptions>: Sendable {
    package let description: CommandDescription
    let operands: [Operand<Options>]
    let options: [Option<Options>]

    /// A malformed table is a mistake of ours and ends the program at its first use. Names end up
    /// in a shell script, which is why they may hold nothing that a shell would read.
    package init(
        name: String, summary: String, example: String, operands: [Operand<Options>] = [],
        options: [Option<Options>] = []
    ) {
        let described = options.map(\.description) + [.help]
        let names = described.map(\.name)
        precondition(Set(names).count == names.count, "\(name): an option is declared twice")
        let short = described.compactMap(\.letter)
        precondition(Set(short).count == short.count, "\(name): a letter is declared twice")
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
        for word in names + [name] {
            precondition(
                !word.isEmpty && word.allSatisfy(letters.contains),
                "\(word): a name has lower-case letters, digits and hyphens only")
        }
        precondition(
            operands.dropLast().allSatisfy { $0.description.arity == .one },
            "\(name): only the last operand may be absent or repeated")
        self.operands = operands
        self.options = options
        description = CommandDescription(
            name: name, summary: summary, example: example,
            operands: operands.map(\.description), options: described)
    }
}
