/// `mpiswarm shell`
package struct ShellOptions: CommandOptions {
    package var job: String?
    package var rank: Int?
    package var commands: [String] = []
    package var json = false

    package init() {}

    package static let table = CommandTable<ShellOptions>(
        name: "shell",
        summary: "Send commands to a rank of a job that 'serve' runs on this machine.",
        example: "mpiswarm shell -c 'get results/table.csv to /tmp/'",
        options: [
            .what: [
                .values(
                    "command", "COMMAND", .text, into: \.commands,
                    default: "the lines of standard input",
                    "Command to carry out; may be given several times."
                ).orShort("c")
            ],
            .where: [
                .value(
                    "job", "NAME", .jobName, into: \.job, default: "the only one",
                    "Job to send to."),
                .value(
                    "rank", "RANK", .number(0...Int(Int32.max)), into: \.rank,
                    default: "the lowest one on this machine", "Rank to send to."),
            ],
            .output: [
                .flag("json", into: \.json, "Print answers as JSON, one object in each line.")
            ],
        ],
        exits: "every command succeeded", or: "one failed")

    package func outcome(in program: Program) -> Outcome { .request(.shell(self)) }
}
