/// `mpiswarm sbcast SOURCE DEST`: the options of Slurm's `sbcast`, as those of `stage`.
package struct SbcastOptions: CommandOptions {
    package enum Compression: String, CaseIterable, Sendable {
        case lz4
        case none
    }

    package enum Answer: String, CaseIterable, Sendable {
        case yes
        case no
    }

    package var source = ""
    package var destination = ""
    package var compress = Compression.none
    package var exclude = StageOptions.systemFolders
    package var fanout = 8
    package var force = false
    package var jobid: String?
    package var preserve = false
    package var sendLibs = Answer.no
    package var size: String?
    package var timeout: String?
    package var verbose = false

    package init() {}

    package static let table = CommandTable<SbcastOptions>(
        name: "sbcast",
        summary: "Copy a file to every node of a Slurm job, with the options of Slurm's sbcast.",
        example: "srun --mpi=pmix --ntasks-per-node=1 mpiswarm sbcast my.prog /tmp/my.prog",
        operands: [
            .one("SOURCE", .file, into: \.source, "File to copy."),
            .one("DEST", .file, into: \.destination, "Its path on each node."),
        ],
        options: [
            .what: [
                .flag("force", into: \.force, "Replace an existing file that is different.")
                    .orShort("f"),
                .flag(
                    "preserve", into: \.preserve,
                    "No effect: modes and times are always kept."
                ).orShort("p"),
                .switching(
                    "send-libs", .choice(of: Answer.self), into: \.sendLibs, implied: .yes,
                    "Also copy shared libraries, to DEST_libs (--send-libs=no: do not)."),
                .value(
                    "exclude", "FOLDERS", .folders, into: \.exclude,
                    "Leave the libraries in these folders to the nodes."),
            ],
            .how: [
                .switching(
                    "compress", .choice(of: Compression.self), into: \.compress, implied: .lz4,
                    "No effect: nothing is compressed (--compress=none, --compress=lz4)."
                ).orShort("C"),
                .value(
                    "fanout", "N", .number(1...1000), into: \.fanout,
                    "No effect: the nodes serve each other."
                ).orShort("F"),
                .value(
                    "size", "SIZE", .text, into: \.size,
                    "No effect: the length of pieces follows from that of the file."
                ).orShort("s"),
                .value(
                    "timeout", "SECONDS", .text, into: \.timeout,
                    "No effect: a node that is silent for 10 s counts as lost."
                ).orShort("t"),
                .value(
                    "jobid", "ID", .text, into: \.jobid,
                    "The job in which it runs; another one is refused."
                ).orShort("j"),
            ],
            .output: [.flag("verbose", into: \.verbose, "Print the result.").orShort("v")],
        ],
        variablePrefix: "SBCAST_",
        exits: "all copies are complete", or: "a copy failed or rank 0 was lost")

    /// The same as options of `stage`. Like sbcast, it prints nothing but errors.
    package var staging: StageOptions {
        var options = StageOptions()
        options.command = Self.table.description.name
        options.paths = [source, destination]
        options.force = force
        options.withLibs = sendLibs == .yes
        options.skippedFolders = exclude
        options.quiet = !verbose
        options.progress = .never
        return options
    }

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        try Placeholder.check([destination], command: Self.table.description.name)
        return .request(.sbcast(self))
    }
}
