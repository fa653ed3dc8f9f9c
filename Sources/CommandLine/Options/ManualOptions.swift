/// `mpiswarm manual [COMMAND]`
package struct ManualOptions: CommandOptions {
    package var command: String?

    package init() {}

    package static let table = CommandTable<ManualOptions>(
        name: "manual",
        summary: "Print the manual page of the program or of one command, in mdoc.",
        example: "mpiswarm manual stage | man -l -",
        operands: [
            .optional("COMMAND", .commandName, into: \.command, "command to describe")
        ],
        exits: "the page was printed", or: "it could not be")

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        let pages = ManualPages(of: program)
        guard let command else { return .answer(pages.main) }
        return .answer(pages.page(of: try program.command(named: command).description))
    }
}
