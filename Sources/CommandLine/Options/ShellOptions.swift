/// `mpiswarm shell`
package struct ShellOptions: CommandOptions {
    package var job: String?
    package var rank: Int?
    package var commands: [String] = []
    package var json = false

    package init() {}

    package static let table = CommandTable<ShellOptions>(
        name: "shell",
        summary: "Talk to a rank of a job that 'serve' keeps running on this machine.",
        example: "mpiswarm shell -c 'get results/table.csv to /tmp/'",
        options: [
            .value(
                "job", "NAME", .jobName, into: \.job, default: "the only one",
                "Talk to this job."),
            .value(
                "rank", "RANK", .number(0...Int(Int32.max)), into: \.rank,
                default: "the lowest one here", "Talk to this rank."),
            .values(
                "command", "COMMAND", .text, into: \.commands,
                default: "standard input's lines", "Do this, and leave."
            ).orShort("c"),
            .flag("json", into: \.json, "Print answers as JSON, one object a line."),
        ])

    package func outcome(in program: Program) -> Outcome { .request(.shell(self)) }
}
