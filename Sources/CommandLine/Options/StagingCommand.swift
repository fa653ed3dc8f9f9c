import Vocabulary

/// A command that is a job of `stage`, and the options that such commands share.
protocol StagingCommand: CommandOptions {
    var staging: StageOptions { get set }
}

extension StagingCommand {
    static var filters: [Option<Self>] {
        [
            .values(
                "exclude", "PATTERN", .rule(excludes: true), into: \.staging.filters,
                "Skip matching paths, unless an earlier --include matches them."),
            .values(
                "include", "PATTERN", .rule(excludes: false), into: \.staging.filters,
                "Keep matching paths, even if a later --exclude matches them."),
            .value(
                "files-from", "FILE", .file, into: \.staging.filesFrom,
                "Copy only the paths in SOURCE that FILE lists; - is standard input."),
        ]
    }

    static var preserve: Option<Self> {
        .flag(
            "preserve", into: \.staging.preserve,
            "Also keep owners, ACLs and extended attributes, if permitted."
        ).orShort("p")
    }

    static var keepGoing: Option<Self> {
        .flag(
            "keep-going", into: \.staging.keepGoing,
            "If some files cannot be read, copy the rest and exit with code 1.")
    }

    static var dryRun: Option<Self> {
        .flag("dry-run", into: \.staging.dryRun, "Print what would be fetched, and fetch nothing.")
            .orShort("n")
    }

    static var disk: [Option<Self>] {
        [
            .value(
                "workers", "N", .number(1...64), into: \.staging.workers,
                "Threads of each rank for disk work."),
            .flag(
                "fsync", into: \.staging.fsync,
                "Flush files to disk before they get their final names."),
        ]
    }

    /// `meaning` says when the command is run.
    static func then(_ meaning: String) -> [Option<Self>] {
        [
            .value(
                "then", "COMMAND", .text, into: \.staging.then,
                "Run COMMAND \(meaning); it may use {dest}, {host}, {rank}."),
            .value(
                "then-timeout", "DURATION", .duration, into: \.staging.thenTimeout,
                default: "never", "Kill the COMMAND of --then after this time."),
        ]
    }

    static var limits: [Option<Self>] {
        [
            .value(
                "limit-rate", "RATE", .rate, into: \.staging.limitRate,
                "Maximum send rate of each rank."),
            .value(
                "memory", "SIZE", .size, into: \.staging.memory,
                "Approximate memory for pieces on each rank."),
            .value(
                "wait", "DURATION", .duration, into: \.staging.wait, default: "no limit",
                "Longest wait for another job writing DEST."),
            .value(
                "timeout", "DURATION", .duration, into: \.staging.timeout, default: "never",
                "Abort the job after this time."),
        ]
    }

    static var messages: [Option<Self>] {
        [
            .value(
                "progress", "WHEN", .choice(of: StageOptions.Progress.self),
                into: \.staging.progress, "Print progress."
            ).orNo(StageOptions.Progress.never.rawValue),
            .value(
                "options", "FILE", .file, into: \.staging.optionsFile,
                "Take options from FILE, one per line; # begins a comment."),
            .flag("quiet", into: \.staging.quiet, "Print errors only.").orShort("q"),
            .flag(
                "verbose", into: \.staging.verbose, "Also print what MPI reports about dead ranks."
            ).orShort("v"),
            .value(
                "json", "FILE", .file, into: \.staging.json,
                "Write a JSON summary; - is standard output."),
            .value(
                "report", "FILE", .file, into: \.staging.report,
                "Write an HTML page about the job."),
            .value(
                "metrics", "FILE", .file, into: \.staging.metrics,
                "Write the job's figures in OpenMetrics format."),
            .value(
                "log", "FILE", .file, into: \.staging.log,
                "Append the warnings and the result to FILE, each with its time."),
        ]
    }
}
