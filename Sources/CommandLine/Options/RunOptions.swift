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

    /// Where completed files go.
    package var outputFolder: String { output ?? directory }

    /// Where each rank writes its trace of messages; nothing without traces. Naming a folder asks
    /// for traces by itself, since there is no other reason to name one.
    package var traceFolder: String? {
        traceDirectory ?? (verbose ? outputFolder : nil)
    }

    package static let table = CommandTable<RunOptions>(
        name: "run",
        summary: "Deliver the files that the inputs in DIR want, each to the peer that wants it.",
        example: "mpirun -np 4 mpiswarm run inputs/demo --output out --stats",
        operands: [
            .one(
                "DIR", .folder, into: \.directory,
                "the folder with in1.txt and so on for each peer, or Common.cfg and PeerInfo.cfg")
        ],
        options: what + superPeerOptions)

    private static let what: [Option<RunOptions>] = [
        .value(
            "output", "FOLDER", .folder, into: \.output, default: "DIR",
            "Write completed files to this folder."),
        .flag(
            "stats", into: \.stats,
            "Print for each peer what it fetched from whom and served to whom."),
        .value(
            "report", "FILE", .file, into: \.report, default: "none",
            "Write a page about the job to this file, for a browser."),
        .flag("verbose", into: \.verbose, "Write a trace of all messages for each rank."),
        .value(
            "trace-dir", "FOLDER", .folder, into: \.traceDirectory,
            default: "the output folder",
            "Write the traces to this folder; turns --verbose on."),
        .value(
            "queries", "FILE", .file, into: \.queries, default: "none",
            "Deliver nothing: let ranks ask for names, as FILE says, and tell how long it took."),
    ]

    package func outcome(in program: Program) -> Outcome { .request(.run(self)) }
}
