package import Vocabulary

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
        case json
    }

    package typealias Policy = SimulateOptions.Policy
    package typealias Picker = SimulateOptions.Picker

    package var paths: [String] = []
    package var sources: RankList?
    package var receivers: RankList?
    package var have: String?
    /// Those of `--exclude` and `--include`, in the order in which they are written.
    package var filters: [FilterRule] = []
    package var filesFrom: String?
    package var shared = false
    package var readers = 4
    package var follow = false
    package var preserve = false
    package var force = false
    package var verify = false
    package var keepGoing = false
    package var fsync = false
    package var dryRun = false
    package var then: String?
    package var thenTimeout: Duration?
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
    package var verbose = false
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
        summary: "Copy files or folders onto the disk of every node of the job.",
        example: "mpirun -np 64 mpiswarm stage dataset /scratch/dataset",
        operands: [
            .several(
                sourceOperand, .file, into: \.paths,
                "what to copy, and where to; {rank} and {host} in DEST are replaced on each rank")
        ],
        options: [
            .what: what, .where: ranks, .how: how, .limits: limits, .output: messages,
            .trackers: superPeerOptions,
        ],
        exits: "every copy is complete", or: "one is not, or a rank was lost")

    private static let what: [Option<StageOptions>] = [
        .value(
            "have", "DIR", .folder, into: \.have,
            "Take SOURCE as a torrent or seed file that describes files in DIR."),
        .values(
            "exclude", "PATTERN", .rule(excludes: true), into: \.filters,
            "Skip what matches; the first pattern that matches decides."),
        .values(
            "include", "PATTERN", .rule(excludes: false), into: \.filters,
            "Keep what matches, even if a later --exclude matches it too."),
        .value(
            "files-from", "FILE", .file, into: \.filesFrom,
            "Copy only the paths in SOURCE that FILE lists; - is standard input."),
        .flag("follow", into: \.follow, "Copy the targets of links instead of the links."),
        .flag(
            "preserve", into: \.preserve,
            "Keep owners, access lists and extended attributes, if permitted."
        ).orShort("p"),
        .flag("force", into: \.force, "Replace files that exist and are different.").orShort("f"),
        .flag("verify", into: \.verify, "Compare existing files by digest, and repair them."),
        .flag(
            "keep-going", into: \.keepGoing,
            "If some files cannot be read, copy the rest and exit with code 1."),
        .flag("dry-run", into: \.dryRun, "Print what would be fetched, and fetch nothing.")
            .orShort("n"),
    ]

    private static let ranks: [Option<StageOptions>] = [
        .value(
            "sources", "RANKS", .ranks, into: \.sources, default: "all that can",
            "Ranks that may read SOURCE."),
        .value(
            "receivers", "RANKS", .ranks, into: \.receivers, default: "all",
            "Ranks that get a copy."),
        .flag(
            "shared", into: \.shared, "Assume that all ranks that see SOURCE see the same files."),
        .value(
            "readers", "N", .number(1...1000), into: \.readers,
            "Nodes that may read one SOURCE together."),
    ]

    private static let how: [Option<StageOptions>] = [
        .value(
            "policy", "POLICY", .choice(of: Policy.self), into: \.policy,
            "Rule by which a rank chooses receivers."),
        .value(
            "picker", "PICKER", .choice(of: Picker.self), into: \.picker,
            "Order of pieces, unless cooperative."),
        .value(
            "piece-size", "SIZE", .size, into: \.pieceSize, default: "chosen from the total size",
            "Piece length."),
        .value(
            "digest", "DIGEST", .choice(of: Digest.self), into: \.digest,
            "Digest that verifies pieces."),
        .value(
            "workers", "N", .number(1...64), into: \.workers,
            "Threads of each rank for disk work."),
        .flag("fsync", into: \.fsync, "Flush files to the disk before they get their names."),
        .value(
            "then", "COMMAND", .text, into: \.then,
            "Run COMMAND after each copy; {dest}, {host}, {rank} are replaced."),
        .value(
            "then-timeout", "DURATION", .duration, into: \.thenTimeout, default: "never",
            "Kill the COMMAND of --then after this time."),
    ]

    private static let limits: [Option<StageOptions>] = [
        .value(
            "limit-rate", "RATE", .rate, into: \.limitRate,
            "Highest rate at which each rank sends."),
        .value(
            "memory", "SIZE", .size, into: \.memory, "Approximate memory for pieces on each rank."),
        .value(
            "wait", "DURATION", .duration, into: \.wait, default: "no limit",
            "Longest wait for another job that writes DEST."),
        .value(
            "timeout", "DURATION", .duration, into: \.timeout, default: "never",
            "Give up the job after this time."),
    ]

    private static let messages: [Option<StageOptions>] = [
        .value(
            "progress", "WHEN", .choice(of: Progress.self), into: \.progress,
            "Print progress."
        ).orNo(Progress.never.rawValue),
        .flag("quiet", into: \.quiet, "Print errors only.").orShort("q"),
        .flag("verbose", into: \.verbose, "Also print what MPI reports about dead ranks.")
            .orShort("v"),
        .value(
            "json", "FILE", .file, into: \.json,
            "Write a summary for programs; - is standard output."),
        .value(
            "report", "FILE", .file, into: \.report, "Write an HTML page about the job."),
        .value(
            "trace-dir", "FOLDER", .folder, into: \.traceDirectory,
            "Write every message of each rank to a file in FOLDER."),
    ]

    private func checkFilters() throws(UsageError) {
        if filesFrom != nil, paths.count > 2 {
            throw .incompatible("--files-from", "several SOURCEs", command: "stage")
        }
        guard have != nil else { return }
        if filesFrom != nil { throw .incompatible("--files-from", "--have", command: "stage") }
        guard let rule = filters.first else { return }
        throw .incompatible(
            rule.excludes ? "--exclude" : "--include", "--have", command: "stage")
    }

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
        try checkFilters()
        if thenTimeout != nil, then == nil {
            throw .incomplete("--then-timeout", without: "--then", command: "stage")
        }
        try Placeholder.check([destination, have], command: "stage")
        return .request(.stage(self))
    }
}
