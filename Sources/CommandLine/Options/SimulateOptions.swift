/// `mpiswarm simulate`
package struct SimulateOptions: CommandOptions {
    package enum Policy: String, CaseIterable, Sendable {
        case cooperative
        case titForTat = "tit-for-tat"
        case onRequest = "on-request"
    }

    package enum Picker: String, CaseIterable, Sendable {
        case rarestFirst = "rarest-first"
        case sequential
        case random
        case roundRobin = "round-robin"
    }

    package enum Job: String, CaseIterable, Sendable {
        case run
        case stage
        case collect
        case serve
    }

    /// The simulations other than that of a job.
    package enum Subject: String, CaseIterable, Sendable {
        case overlay
    }

    package enum Faults: String, CaseIterable, Sendable {
        case none
        case random
    }

    package var job = Job.run
    package var peers = 15
    package var sources = 1
    package var writers = 1
    package var files = 1
    package var pieces: Int?
    package var pieceSize: Size?
    package var size: Size?
    package var nic: Rate?
    package var up = Rate(bitsPerSecond: 100_000_000)
    package var down: Rate?
    package var sourceUp: Rate?
    package var latency = Duration.milliseconds(1)
    package var policy = Policy.cooperative
    package var picker = Picker.rarestFirst
    package var degree = 20
    package var active = 1
    package var slots = 4
    package var interval = Duration.seconds(10)
    package var smartSource = false
    package var endgame = true
    package var slowShare = 0
    package var slowFactor = 10
    package var joinRate: Int?
    package var trackers = 1
    /// `full`, `line`, `ring` or the path of a file.
    package var topology: String?
    package var timeToLive: Int?
    package var subject: Subject?
    package var queries = 100
    package var clients = 1
    package var seeds = SeedRange(1...1)
    package var faults = Faults.none
    package var json = false
    package var report: String?
    package var verbose = false

    package init() {}

    package static let table = CommandTable<SimulateOptions>(
        name: "simulate",
        summary: "Compute in virtual time how long a swarm takes, without starting it.",
        example: "mpiswarm simulate --peers 2000 --nic 25Gbit --size 500G",
        operands: [
            .optional(
                "WHAT", .choice(of: Subject.self), into: \.subject,
                "overlay: the queries between trackers, instead of a job")
        ],
        options: [
            .what: content, .where: ranks, .how: behaviour, .limits: links, .output: output,
            .trackers: overlay,
        ],
        exits: "every run is right", or: "a run failed")

    private static let content: [Option<SimulateOptions>] = [
        .value(
            "job", "COMMAND", .choice(of: Job.self), into: \.job,
            "Command to simulate; --faults random draws one."),
        .value(
            "files", "N", .number(1...10_000), into: \.files,
            "With run: files that each peer wants."),
        .value(
            "pieces", "N", .number(1...1_000_000), into: \.pieces, default: "400, or by --size",
            "Pieces of a file."),
        .value(
            "piece-size", "SIZE", .size, into: \.pieceSize, default: "1M, or by --size",
            "Piece length."),
        .value(
            "size", "SIZE", .size, into: \.size, default: "pieces times piece length",
            "Size of a file."),
        .value(
            "seeds", "SEEDS", .seeds, into: \.seeds, "Runs, each with random numbers of its own."),
        .value(
            "faults", "KIND", .choice(of: Faults.self), into: \.faults,
            "Faults in each run; random draws a few kinds."),
    ]

    private static let ranks: [Option<SimulateOptions>] = [
        .value(
            "peers", "N", .number(1...200_000), into: \.peers, "Peers that want the file."),
        .value(
            "sources", "N", .number(1...1000), into: \.sources,
            "Peers that have the file from the start."),
        .value(
            "writers", "K", .number(1...100_000), into: \.writers,
            "With collect: ranks that write what others have."),
        .value(
            "join-rate", "N", .number(1...1_000_000), into: \.joinRate, default: "all at once",
            "Peers that join in a second."),
    ]

    private static let links: [Option<SimulateOptions>] = [
        .value(
            "nic", "RATE", .rate, into: \.nic, default: "by --up, --down, --source-up",
            "Rate of every rank both ways."),
        .value("up", "RATE", .rate, into: \.up, "Most that each peer sends."),
        .value(
            "down", "RATE", .rate, into: \.down, default: "as --up",
            "Most that each peer receives."),
        .value(
            "source-up", "RATE", .rate, into: \.sourceUp, default: "as a peer",
            "Most that each source sends."),
        .value(
            "latency", "DURATION", .duration, into: \.latency,
            "Travel time of every message and piece."),
        .value(
            "slow-share", "PERCENT", .number(0...99), into: \.slowShare,
            "Share of the peers that are slow."),
        .value(
            "slow-factor", "N", .number(1...1000), into: \.slowFactor,
            "Factor by which they are slower."),
    ]

    private static let behaviour: [Option<SimulateOptions>] = [
        .value(
            "policy", "POLICY", .choice(of: Policy.self), into: \.policy,
            "Choice of receivers to serve."),
        .value(
            "picker", "PICKER", .choice(of: Picker.self), into: \.picker,
            "Choice of the next piece."),
        .value(
            "degree", "N", .number(2...1000), into: \.degree,
            "Neighbours of each peer in a large swarm."),
        .value(
            "active", "N", .number(1...1000), into: \.active,
            "Pieces that cooperative peers send at once."),
        .value(
            "slots", "N", .number(0...1000), into: \.slots,
            "Neighbours that tit-for-tat serves, and one in turn."),
        .value(
            "interval", "DURATION", .duration, into: \.interval,
            "Time between two choices of tit-for-tat."),
        .flag(
            "smart-source", into: \.smartSource,
            "Tit-for-tat sources offer the pieces that they sent least."),
        .flag(
            "endgame", into: \.endgame,
            "Never ask two sources for one piece, not even at the end."),
    ]

    private static let overlay: [Option<SimulateOptions>] = [
        .value(
            "trackers", "N", .number(1...1000), into: \.trackers,
            "Trackers, each with a group of peers."),
        .value(
            "topology", "full|line|ring|FILE", .file, into: \.topology,
            default: "full; overlay: each",
            "Links between trackers; FILE: a pair in each line."),
        .value(
            "ttl", "N", .number(1...1000), into: \.timeToLive, default: "enough",
            "Hops of a query between trackers."),
        .value(
            "queries", "N", .number(1...1_000_000), into: \.queries,
            "With overlay: names each client asks for."),
        .value(
            "clients", "N", .number(1...100_000), into: \.clients,
            "With overlay: peers that ask at once."),
    ]

    private static let output: [Option<SimulateOptions>] = [
        .flag("json", into: \.json, "Print the result as JSON."),
        .value(
            "report", "FILE", .file, into: \.report,
            "Write a page about the first run, for a browser."),
        .flag("verbose", into: \.verbose, "Print figures for developers, too.").orShort("v"),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        if job == .collect, trackers > 1 {
            throw .incompatible("--trackers", "--job collect", command: "simulate")
        }
        if job != .collect, writers > 1 {
            throw .incomplete("--writers", without: "--job collect", command: "simulate")
        }
        if job != .run, files > 1 {
            throw .incompatible("--files", "--job \(job)", command: "simulate")
        }
        if faults != .none, files > 1 {
            throw .incompatible("--files", "--faults", command: "simulate")
        }
        if report != nil, subject != nil {
            throw .incompatible("--report", "overlay", command: "simulate")
        }
        if report != nil, faults != .none {
            throw .incompatible("--report", "--faults", command: "simulate")
        }
        return .request(.simulate(self))
    }
}
