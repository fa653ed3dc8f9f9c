/// `mpiswarm help [COMMAND]`
package struct HelpOptions: CommandOptions {
    package var command: String?

    package init() {}

    package static let table = CommandTable<HelpOptions>(
        name: "help",
        summary: "Show the help of the program or of one command.",
        example: "mpiswarm help run",
        operands: [
            .optional("COMMAND", .commandName, into: \.command, "the command to explain")
        ],
        exits: "the help was printed", or: "it could not be")

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        guard let command else { return .answer(program.helpText) }
        return .answer(program.helpText(for: try program.command(named: command).description))
    }
}
