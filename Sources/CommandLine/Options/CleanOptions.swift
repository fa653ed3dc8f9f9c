/// `mpiswarm clean`
package struct CleanOptions: CommandOptions {
    package var dryRun = false

    package init() {}

    package static let table = CommandTable<CleanOptions>(
        name: "clean",
        summary: "Remove the leftovers of your killed jobs from this machine.",
        example: "mpiswarm clean --dry-run",
        options: [
            .output: [
                .flag("dry-run", into: \.dryRun, "List what would be removed, and remove nothing.")
                    .orShort("n")
            ]
        ],
        exits: "nothing is left", or: "something could not be removed")

    package func outcome(in program: Program) -> Outcome { .request(.clean(self)) }
}
