/// `mpiswarm collect SOURCE DEST`: the files of the nodes at one place, as options of `stage`.
package struct CollectOptions: StagingCommand {
    package var staging = StageOptions()
    var source = ""
    var destination = ""
    var removesSource = false
    var writers = 1

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
            .what: what, .where: ranks, .how: disk + then("once all is collected"),
            .limits: limits, .output: messages,
        ],
        variablePrefix: "MPISWARM_COLLECT_",
        exits: "all is well", or: "some files were not collected, --then failed or rank 0 was lost")

    private static let what: [Option<CollectOptions>] =
        filters + [
            preserve,
            .flag("force", into: \.staging.force, "Replace existing files that are different.")
                .orShort("f"),
            .flag(
                "verify", into: \.staging.verify, "Compare the bytes of existing files, too."),
            keepGoing,
            .flag(
                "remove-source", into: \.removesSource,
                "Remove from SOURCE what is collected; implies --verify, --fsync."
            ).onlyTyped(),
            dryRun,
        ]

    private static let ranks: [Option<CollectOptions>] = [
        .value(
            "sources", "RANKS", .ranks, into: \.staging.sources, default: "all",
            "Ranks whose SOURCE is collected."),
        .value(
            "writers", "K", .number(1...100_000), into: \.writers,
            "Ranks that write at once to a DEST that all of them see."),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        if staging.thenTimeout != nil, staging.then == nil {
            throw .incomplete("--then-timeout", without: "--then", command: Self.name)
        }
        try Placeholder.check([source, destination], command: Self.name)
        // All copies would meet in a folder of that name.
        try Placeholder.checkAll(in: destination, command: Self.name)
        var request = self
        request.staging.command = Self.name
        request.staging.paths = [source, destination]
        var terms = CollectTerms(source: source)
        terms.removesSource = removesSource
        terms.writersMax = writers
        request.staging.collect = terms
        // What is removed has no other copy: that at DEST is compared byte by byte, and on disk.
        request.staging.verify = staging.verify || removesSource
        request.staging.fsync = staging.fsync || removesSource
        return .request(.collect(request))
    }
}
