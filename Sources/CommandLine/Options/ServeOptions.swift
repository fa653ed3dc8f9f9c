/// `mpiswarm serve --share DIR`
package struct ServeOptions: SuperPeerCommand {
    package var share: String?
    package var output: String?
    package var job: String?
    package var aliveInterval = Duration.seconds(2)
    package var lease = Duration.seconds(10)
    package var limitRate = Rate.unlimited
    package var verbose = false
    package var traceDirectory: String?
    package var superPeers = SuperPeerOptions()

    package init() {}

    package static let table = CommandTable<ServeOptions>(
        name: "serve",
        summary: "Run a job whose ranks offer each other the files of a folder.",
        example: "mpirun -np 8 mpiswarm serve --share '/scratch/{host}/{rank}'",
        options: [
            .where: places, .limits: limits, .output: messages, .trackers: superPeerOptions,
        ],
        exits: "the job was shut down", or: "a rank failed or was lost")

    private static let places: [Option<ServeOptions>] = [
        .value(
            "share", "DIR", .folder, into: \.share,
            "Offer the files of this folder, and all that are added later (required)."),
        .value(
            "output", "DIR", .folder, into: \.output, default: "the folder of --share",
            "Folder for fetched files."
        ).orShort("o"),
        .value(
            "job", "NAME", .jobName, into: \.job, default: "made from the job's number",
            "Name under which users find the job."),
    ]

    private static let limits: [Option<ServeOptions>] = [
        .value(
            "limit-rate", "RATE", .rate, into: \.limitRate,
            "Maximum send rate of each rank."),
        .value(
            "alive-interval", "DURATION", .duration, into: \.aliveInterval,
            "Time between two signs of life of a rank."),
        .value(
            "lease", "DURATION", .duration, into: \.lease,
            "Silence after which a rank counts as lost."),
    ]

    private static let messages: [Option<ServeOptions>] = [
        .flag("verbose", into: \.verbose, "Also print what MPI reports about dead ranks.")
            .orShort("v"),
        .value(
            "trace-dir", "DIR", .folder, into: \.traceDirectory,
            "Write every message of each rank to a file in DIR."),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        guard share != nil else {
            throw .missingOperand(
                OperandDescription(
                    metavar: "--share DIR", kind: .folder, arity: .one,
                    text: "the folder whose files are offered"),
                command: "serve")
        }
        guard aliveInterval >= .milliseconds(10), lease >= aliveInterval * 3 else {
            throw .leaseTooShort(lease, interval: aliveInterval, command: "serve")
        }
        return .request(.serve(self))
    }
}
