package import Vocabulary

/// `mpiswarm stage SOURCE... DEST`
package struct StageOptions: SuperPeerCommand, StagingCommand {
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
    package var unpack = false
    package var withLibs = false
    package var libs: [String] = []
    /// The folders whose libraries stay on the nodes unless a pattern decides otherwise.
    package var skippedFolders = StageOptions.systemFolders
    package var shared = false
    package var readers = 4
    package var cache: CachePlace?
    package var cacheLink = false
    package var follow = false
    package var preserve = false
    package var force = false
    package var verify = false
    package var keepGoing = false
    package var fsync = false
    package var optionsFile: String?
    package var dryRun = false
    package var check = false
    package var delete = false
    package var then: String?
    package var thenTimeout: Duration?
    package var limitRate = Rate.unlimited
    package var pieceSize: Size?
    package var chosenDigest: Digest?
    package var memory = Size(bytes: 60 << 20)
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
    package var stats = false
    package var metrics: String?
    package var log: String?
    package var traceDirectory: String?
    package var superPeers = SuperPeerOptions()
    /// The command that was typed, for messages: `sbcast` stages, too.
    package var command = "stage"
    /// Nil unless the command is `collect`.
    package var collect: CollectTerms?

    package init() {}

    /// Its own: `collect` has one, too.
    var staging: StageOptions {
        get { self }
        set { self = newValue }
    }

    /// All but the last path.
    package var sourcePaths: [String] { Array(paths.dropLast()) }
    package var destination: String { paths.last ?? "" }

    /// What is kept for other jobs has to withstand forgery, too.
    package var digest: Digest { chosenDigest ?? (cache == nil ? .xxh3 : .sha256) }

    /// No rank accepts longer pieces. Shorter ones take more time for digests and messages than
    /// for their bytes.
    private static let pieceSizes = Size(bytes: 1 << 10)...Size(bytes: 64 << 20)

    private static let sourceOperand = "SOURCE... DEST"

    package static let table = CommandTable<StageOptions>(
        name: "stage",
        summary: "Copy files or folders onto the disk of every node of the job.",
        example: "mpirun --hostfile hosts mpiswarm stage dataset /scratch/dataset"
            + "  # a rerun resumes",
        operands: [
            .several(
                sourceOperand, .file, into: \.paths,
                "One SOURCE becomes DEST; several go into it. DEST may contain {rank} and {host}")
        ],
        options: [
            .what: kinds + filters + what,
            .how: ranks + how + disk + then("after each copy") + limits,
            .output: messages + traces, .trackers: superPeerOptions,
        ],
        variablePrefix: "MPISWARM_STAGE_",
        exits: "all is well", or: "a copy, a receiver, rank 0 or --then failed")

    private static let kinds: [Option<StageOptions>] = [
        .value(
            "have", "DIR", .folder, into: \.have,
            "Folder to read from, if SOURCE is a torrent or seed file."),
        .flag(
            "unpack", into: \.unpack,
            "SOURCE is an archive: one rank unpacks it, all get its files."),
        .flag(
            "with-libs", into: \.withLibs,
            "For an executable: also copy its shared libraries to DEST_libs."),
        .values(
            "lib", "FILE", .file, into: \.libs,
            "For --with-libs: add this library and what it needs."),
    ]

    private static let what: [Option<StageOptions>] = [
        .flag("follow", into: \.follow, "Copy the targets of symbolic links instead of the links."),
        preserve,
        .flag("force", into: \.force, "Replace existing files whose size or time differs.")
            .orShort("f"),
        .flag(
            "verify", into: \.verify,
            "Also compare the contents of existing files, and repair them."),
        keepGoing,
        .flag(
            "delete", into: \.delete,
            "When a copy is complete, remove from DEST what SOURCE lacks."
        ).onlyTyped(),
        dryRun,
        .flag("check", into: \.check, "Print how the copies differ from SOURCE; write nothing."),
    ]

    private static let ranks: [Option<StageOptions>] = [
        .value(
            "sources", "RANKS", .ranks, into: \.sources, default: "all that can",
            "Ranks that may read SOURCE."),
        .value(
            "receivers", "RANKS", .ranks, into: \.receivers, default: "all",
            "Ranks that get a copy; those of a node share one."),
        .flag(
            "shared", into: \.shared,
            "Assume that SOURCE is the same on all ranks that can see it."),
        .value(
            "readers", "N", .number(1...1000), into: \.readers,
            "Nodes that share the reading of SOURCE."),
    ]

    private static let how: [Option<StageOptions>] = [
        .value(
            "cache", "DIR[:SIZE]", .cache, into: \.cache,
            "Keep copies in DIR on each node, up to SIZE, for later jobs."),
        .flag(
            "cache-link", into: \.cacheLink,
            "Hard-link copies and --cache: for files that are only read."),
        .value(
            "policy", "POLICY", .choice(of: Policy.self), into: \.policy,
            "Rule for sharing."),
        .value(
            "picker", "PICKER", .choice(of: Picker.self), into: \.picker,
            "Piece order."),
        .value(
            "piece-size", "SIZE", .size(within: pieceSizes), into: \.pieceSize,
            default: "chosen from the total size", "Piece length."),
        .value(
            "digest", "DIGEST", .choice(of: Digest.self), into: \.chosenDigest,
            default: "xxh3; with --cache sha256",
            "Digest of the pieces."),
    ]

    private static let traces: [Option<StageOptions>] = [
        .flag(
            "stats", into: \.stats,
            "Print counts of the work: turns, messages, bytes read again."),
        .value(
            "trace-dir", "DIR", .folder, into: \.traceDirectory,
            "Write every message of each rank to a file in DIR."),
    ]

    private func checkFilters() throws(UsageError) {
        if filesFrom != nil, paths.count > 2 {
            throw .incompatible("--files-from", "several SOURCEs", command: "stage")
        }
        if unpack, have != nil { throw .incompatible("--unpack", "--have", command: "stage") }
        if unpack, follow { throw .incompatible("--unpack", "--follow", command: "stage") }
        guard have != nil else { return }
        if filesFrom != nil { throw .incompatible("--files-from", "--have", command: "stage") }
        guard let rule = filters.first else { return }
        throw .incompatible(
            rule.excludes ? "--exclude" : "--include", "--have", command: "stage")
    }

    /// Nothing is removed where what that loses was not examined, and a check writes nothing.
    private func checkCombinations() throws(UsageError) {
        let others = [("--have", have != nil), ("--follow", follow), ("--unpack", unpack)]
        if delete, let other = others.first(where: \.1) {
            throw .incompatible("--delete", other.0, command: "stage")
        }
        let writers = [
            ("--dry-run", dryRun), ("--delete", delete), ("--then", then != nil),
            ("--have", have != nil),
        ]
        if check, let other = writers.first(where: \.1) {
            throw .incompatible("--check", other.0, command: "stage")
        }
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
        try checkCombinations()
        try checkLibraries()
        if cache != nil, chosenDigest == .xxh3 {
            throw .incompatible("--cache", "--digest xxh3", command: "stage")
        }
        if cacheLink, cache == nil {
            throw .incomplete("--cache-link", without: "--cache", command: "stage")
        }
        if thenTimeout != nil, then == nil {
            throw .incomplete("--then-timeout", without: "--then", command: "stage")
        }
        try Placeholder.check([destination, have, cache?.path], command: "stage")
        return .request(.stage(self))
    }
}
