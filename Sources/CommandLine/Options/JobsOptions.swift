/// `mpiswarm jobs`
package struct JobsOptions: CommandOptions {
    package var json = false

    package init() {}

    package static let table = CommandTable<JobsOptions>(
        name: "jobs",
        summary: "List your jobs on this machine that can be talked to.",
        example: "mpiswarm jobs",
        options: [.flag("json", into: \.json, "Print them as JSON, one object a line.")])

    package func outcome(in program: Program) -> Outcome { .request(.jobs(self)) }
}
