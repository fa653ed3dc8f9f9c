/// `mpiswarm serve --share DIR`
package struct ServeOptions: SuperPeerCommand {
    package var share: String?
    package var output: String?
    package var job: String?
    package var aliveInterval = Duration.seconds(2)
    package var lease = Duration.seconds(10)
    package var limitRate = Rate.unlimited
    package var traceDirectory: String?
    package var superPeers = SuperPeerOptions()

    package init() {}

    package static let table = CommandTable<ServeOptions>(
        name: "serve",
        summary: "Keep a swarm running in which every rank offers its files to all.",
        example: "mpirun -np 8 mpiswarm serve --share '/scratch/{host}/{rank}'",
        options: what + superPeerOptions)

    private static let what: [Option<ServeOptions>] = [
        .value(
            "share", "DIR", .folder, into: \.share, default: "none: it must be given",
            "Offer the files of this folder, and all that come into it."),
        .value(
            "output", "DIR", .folder, into: \.output, default: "the folder of --share",
            "Put what is fetched into this folder."),
        .value(
            "job", "NAME", .jobName, into: \.job, default: "made from the job's number",
            "Let users find the job under this name."),
        .value(
            "alive-interval", "DURATION", .duration, into: \.aliveInterval,
            "Let each rank say so often that it lives."),
        .value(
            "lease", "DURATION", .duration, into: \.lease,
            "Count a rank as lost when nothing was heard of it for so long."),
        .value(
            "limit-rate", "RATE", .rate, into: \.limitRate,
            "Let each rank send so many bits a second."),
        .value(
            "trace-dir", "FOLDER", .folder, into: \.traceDirectory, default: "none",
            "Write a trace of all messages of each rank to this folder."),
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
