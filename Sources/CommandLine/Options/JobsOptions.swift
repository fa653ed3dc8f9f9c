/// `mpiswarm jobs`
package struct JobsOptions: CommandOptions {
    package var json = false

    package init() {}

    package static let table = CommandTable<JobsOptions>(
        name: "jobs",
        summary: "List your 'serve' jobs on this machine.",
        example: "mpiswarm jobs",
        options: [
            .output: [.flag("json", into: \.json, "Print them as JSON, one object in each line.")]
        ],
        exits: "the jobs were listed", or: "they could not be")

    package func outcome(in program: Program) -> Outcome { .request(.jobs(self)) }
}
