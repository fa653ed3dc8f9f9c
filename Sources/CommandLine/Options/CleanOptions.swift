/// `mpiswarm clean`
package struct CleanOptions: CommandOptions {
    package var dryRun = false

    package init() {}

    package static let table = CommandTable<CleanOptions>(
        name: "clean",
        summary: "Remove what your killed jobs have left on this machine.",
        example: "mpiswarm clean --dry-run",
        options: [
            .flag("dry-run", into: \.dryRun, "List what would be removed, and remove nothing.")
        ])

    package func outcome(in program: Program) -> Outcome { .request(.clean(self)) }
}
