/// `mpiswarm stage SOURCE... DEST`
package struct StageOptions: SuperPeerCommand {
    package enum Digest: String, CaseIterable, Sendable {
        case xxh3
        case sha256
    }

    package enum Progress: String, CaseIterable, Sendable {
        case auto
        case always
        case never
    }

    package typealias Policy = SimulateOptions.Policy
    package typealias Picker = SimulateOptions.Picker

    package var paths: [String] = []
    package var sources: RankList?
    package var receivers: RankList?
    package var have: String?
    package var shared = false
    package var readers = 4
    package var follow = false
    package var preserve = false
    package var force = false
    package var verify = false
    package var keepGoing = false
    package var fsync = false
    package var dryRun = false
    package var limitRate = Rate.unlimited
    package var pieceSize: Size?
    package var digest = Digest.xxh3
    package var memory = Size(bytes: 256 << 20)
    package var workers = 2
    package var policy = Policy.cooperative
    package var picker = Picker.rarestFirst
    package var wait: Duration?
    package var timeout: Duration?
    package var progress = Progress.auto
    package var quiet = false
    package var json: String?
    package var report: String?
    package var traceDirectory: String?
    package var superPeers = SuperPeerOptions()

    package init() {}

    /// All but the last path.
    package var sourcePaths: [String] { Array(paths.dropLast()) }
    package var destination: String { paths.last ?? "" }

    private static let sourceOperand = "SOURCE... DEST"

    package static let table = CommandTable<StageOptions>(
        name: "stage",
        summary: "Put files or folders onto the disk of every node of the job.",
        example: "mpirun -np 64 mpiswarm stage dataset /scratch/dataset",
        operands: [
            .several(
                sourceOperand, .file, into: \.paths,
                "what to copy, and where to; {rank} and {host} in DEST give each its own")
        ],
        options: who + what + how + telling + superPeerOptions)

    private static let who: [Option<StageOptions>] = [
        .value(
            "sources", "RANKS", .ranks, into: \.sources, default: "all that can",
            "Let these ranks read SOURCE."),
        .value(
            "receivers", "RANKS", .ranks, into: \.receivers, default: "all",
            "Let these ranks have a copy."),
        .value(
            "have", "DIR", .folder, into: \.have, default: "SOURCE is what is copied",
            "Take SOURCE for a torrent or seed file, and what it describes from DIR."),
        .flag("shared", into: \.shared, "Take SOURCE for the same one wherever it is seen."),
        .value(
            "readers", "N", .number(1...1000), into: \.readers,
            "Let so many nodes share the reading of a SOURCE that they all see."),
    ]

    private static let what: [Option<StageOptions>] = [
        .flag("follow", into: \.follow, "Copy what links lead to instead of the links."),
        .flag(
            "preserve", into: \.preserve,
            "Keep owners, access lists and extended attributes, where that is permitted."),
        .flag("force", into: \.force, "Replace files that are there and are different."),
        .flag(
            "verify", into: \.verify,
            "Compare what is there by its digests, and repair what is wrong."),
        .flag(
            "keep-going", into: \.keepGoing,
            "Copy the rest where some files or folders cannot be read; exit 1."),
        .flag("dry-run", into: \.dryRun, "Say what would be fetched, and fetch nothing."),
        .flag("fsync", into: \.fsync, "Have the disks keep what is written before it is named."),
        .value(
            "piece-size", "SIZE", .size, into: \.pieceSize, default: "by the size of it all",
            "Cut into pieces so long."),
        .value(
            "digest", "DIGEST", .choice(of: Digest.self), into: \.digest,
            "Verify pieces by this digest."),
    ]

    private static let how: [Option<StageOptions>] = [
        .value(
            "policy", "POLICY", .choice(of: Policy.self), into: \.policy,
            "Decide by this policy who is served."),
        .value(
            "picker", "PICKER", .choice(of: Picker.self), into: \.picker,
            "Choose by this order which piece to ask for."),
        .value(
            "memory", "SIZE", .size, into: \.memory,
            "Use about so much memory for pieces on each rank."),
        .value(
            "limit-rate", "RATE", .rate, into: \.limitRate,
            "Let each rank send so many bits a second."),
        .value(
            "workers", "N", .number(1...64), into: \.workers,
            "Let so many threads of each rank read, digest and write."),
        .value(
            "wait", "DURATION", .duration, into: \.wait, default: "until it ends",
            "Wait for another job that stages to the same place; 0 refuses at once."),
        .value(
            "timeout", "DURATION", .duration, into: \.timeout, default: "none",
            "Give up after this time."),
    ]

    private static let telling: [Option<StageOptions>] = [
        .value(
            "progress", "WHEN", .choice(of: Progress.self), into: \.progress,
            "Say how far it is; auto does so on a terminal."),
        .flag("quiet", into: \.quiet, "Say nothing but what went wrong."),
        .value(
            "json", "FILE", .file, into: \.json, default: "none",
            "Write a summary for programs to this file; - is standard output."),
        .value(
            "report", "FILE", .file, into: \.report, default: "none",
            "Write a page about the job to this file, for a browser."),
        .value(
            "trace-dir", "FOLDER", .folder, into: \.traceDirectory, default: "none",
            "Write a trace of all messages of each rank to this folder."),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        guard paths.count > 1 else {
            throw .missingOperand(
                OperandDescription(
                    metavar: "DEST", kind: .file, arity: .one, text: "where to copy it to"),
                command: "stage")
        }
        if have != nil, paths.count > 2 {
            throw .unexpectedOperand(paths[1], command: "stage")
        }
        try Placeholder.check([destination, have], command: "stage")
        return .request(.stage(self))
    }
}
