/// `mpiswarm run DIR`
package struct RunOptions: SuperPeerCommand {
    package var directory = ""
    package var output: String?
    package var stats = false
    package var report: String?
    package var verbose = false
    package var traceDirectory: String?
    package var superPeers = SuperPeerOptions()
    package var queries: String?

    package init() {}

    /// The folder for completed files.
    package var outputFolder: String { output ?? directory }

    /// The folder for the trace of each rank's messages; nothing without traces. A folder for
    /// traces turns them on, since there is no other reason to name one.
    package var traceFolder: String? {
        traceDirectory ?? (verbose ? outputFolder : nil)
    }

    package static let table = CommandTable<RunOptions>(
        name: "run",
        summary: "Give each peer the files that its input file in DIR names.",
        example: "mpirun -np 4 mpiswarm run inputs/demo --output out --stats",
        operands: [
            .one(
                "DIR", .folder, into: \.directory,
                "the folder with in1.txt and so on for each peer, or Common.cfg and PeerInfo.cfg")
        ],
        options: [.what: what, .where: place, .output: messages, .trackers: superPeerOptions],
        exits: "every wanted file was delivered",
        or: "one was not, or a receiver or rank 0 was lost")

    private static let what: [Option<RunOptions>] = [
        .value(
            "queries", "FILE", .file, into: \.queries,
            "Deliver nothing: ranks ask trackers for the names in FILE, and the times are printed.")
    ]

    private static let place: [Option<RunOptions>] = [
        .value(
            "output", "FOLDER", .folder, into: \.output, default: "DIR",
            "Folder for completed files."
        ).orShort("o")
    ]

    private static let messages: [Option<RunOptions>] = [
        .flag(
            "stats", into: \.stats,
            "Print for each peer what it fetched from and sent to each other peer."),
        .value(
            "report", "FILE", .file, into: \.report, "Write an HTML page about the job."),
        .flag("verbose", into: \.verbose, "Write every message of each rank to a file.")
            .orShort("v"),
        .value(
            "trace-dir", "FOLDER", .folder, into: \.traceDirectory,
            default: "the output folder", "Folder for the files of --verbose, which it implies."),
    ]

    package func outcome(in program: Program) -> Outcome { .request(.run(self)) }
}
