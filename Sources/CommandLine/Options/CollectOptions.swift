package import Vocabulary

/// `mpiswarm collect SOURCE DEST`: the files of the nodes at one place, as options of `stage`.
package struct CollectOptions: CommandOptions {
    package typealias Progress = StageOptions.Progress

    package var source = ""
    package var destination = ""
    package var filters: [FilterRule] = []
    package var filesFrom: String?
    package var preserve = false
    package var force = false
    package var verify = false
    package var keepGoing = false
    package var dryRun = false
    package var sources: RankList?
    package var fsync = false
    package var then: String?
    package var thenTimeout: Duration?
    package var limitRate = Rate.unlimited
    package var memory = Size(bytes: 256 << 20)
    package var workers = 2
    package var wait: Duration?
    package var timeout: Duration?
    package var progress = Progress.auto
    package var optionsFile: String?
    package var quiet = false
    package var verbose = false
    package var json: String?
    package var report: String?
    package var metrics: String?
    package var log: String?

    package init() {}

    private static let name = "collect"

    package static let table = CommandTable<CollectOptions>(
        name: name,
        summary: "Copy the files that each node or rank has to one place.",
        example: "mpirun -np 64 mpiswarm collect /scratch/out results/{host}",
        operands: [
            .one(
                "SOURCE", .file, into: \.source,
                "File or folder of each node; with {rank} in it, of each rank."),
            .one(
                "DEST", .file, into: \.destination,
                "Its copy; {host} and {rank} keep the copies apart."),
        ],
        options: [
            .what: what, .where: ranks, .how: how, .limits: limits, .output: messages,
        ],
        variablePrefix: "MPISWARM_COLLECT_",
        exits: "all is well", or: "some files were not collected, --then failed or rank 0 was lost")

    private static let what: [Option<CollectOptions>] = [
        .values(
            "exclude", "PATTERN", .rule(excludes: true), into: \.filters,
            "Skip matching paths; the first matching pattern decides."),
        .values(
            "include", "PATTERN", .rule(excludes: false), into: \.filters,
            "Keep matching paths, even if a later --exclude matches them."),
        .value(
            "files-from", "FILE", .file, into: \.filesFrom,
            "Copy only the paths in SOURCE that FILE lists; - is standard input."),
        .flag(
            "preserve", into: \.preserve,
            "Also keep owners, ACLs and extended attributes, if permitted."
        ).orShort("p"),
        .flag("force", into: \.force, "Replace existing files that are different.").orShort("f"),
        .flag("verify", into: \.verify, "Compare the bytes of existing files, too."),
        .flag(
            "keep-going", into: \.keepGoing,
            "If some files cannot be read, copy the rest and exit with code 1."),
        .flag("dry-run", into: \.dryRun, "Print what would be fetched, and fetch nothing.")
            .orShort("n"),
    ]

    private static let ranks: [Option<CollectOptions>] = [
        .value(
            "sources", "RANKS", .ranks, into: \.sources, default: "all",
            "Ranks whose SOURCE is collected.")
    ]

    private static let how: [Option<CollectOptions>] = [
        .value(
            "workers", "N", .number(1...64), into: \.workers,
            "Threads of each rank for disk work."),
        .flag("fsync", into: \.fsync, "Flush files to disk before they get their final names."),
        .value(
            "then", "COMMAND", .text, into: \.then,
            "Run COMMAND once all is collected; it may use {dest}, {host}, {rank}."),
        .value(
            "then-timeout", "DURATION", .duration, into: \.thenTimeout, default: "never",
            "Kill the COMMAND of --then after this time."),
    ]

    private static let limits: [Option<CollectOptions>] = [
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
            "Abort the job after this time."),
    ]

    private static let messages: [Option<CollectOptions>] = [
        .value(
            "progress", "WHEN", .choice(of: Progress.self), into: \.progress,
            "Print progress."
        ).orNo(Progress.never.rawValue),
        .value(
            "options", "FILE", .file, into: \.optionsFile,
            "Take options from FILE, one a line; # begins a comment."),
        .flag("quiet", into: \.quiet, "Print errors only.").orShort("q"),
        .flag("verbose", into: \.verbose, "Also print what MPI reports about dead ranks.")
            .orShort("v"),
        .value(
            "json", "FILE", .file, into: \.json, "Write a JSON summary; - is standard output."),
        .value("report", "FILE", .file, into: \.report, "Write an HTML page about the job."),
        .value(
            "metrics", "FILE", .file, into: \.metrics,
            "Write the job's figures in OpenMetrics format."),
        .value(
            "log", "FILE", .file, into: \.log,
            "Append the warnings and the result to FILE, each with its time."),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        if thenTimeout != nil, then == nil {
            throw .incomplete("--then-timeout", without: "--then", command: Self.name)
        }
        try Placeholder.check([source, destination], command: Self.name)
        // All copies would meet in a folder of that name.
        try Placeholder.checkAll(in: destination, command: Self.name)
        return .request(.collect(self))
    }
}
