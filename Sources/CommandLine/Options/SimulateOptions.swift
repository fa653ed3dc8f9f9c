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
        case serve
    }

    /// What is simulated other than a job.
    package enum What: String, CaseIterable, Sendable {
        case overlay
    }

    package enum Faults: String, CaseIterable, Sendable {
        case none
        case random
    }

    package var job = Job.run
    package var peers = 15
    package var sources = 1
    package var pieces: Int?
    package var pieceSize: Size?
    package var size: Size?
    package var nic: Rate?
    package var up = Rate(bitsPerSecond: 100_000_000)
    package var down = Rate.unlimited
    package var sourceUp: Rate?
    package var latency = Duration.milliseconds(1)
    package var policy = Policy.cooperative
    package var picker = Picker.rarestFirst
    package var degree = 20
    package var active = 1
    package var slots = 4
    package var interval = Duration.seconds(10)
    package var smartSource = false
    package var noEndgame = false
    package var slowShare = 0
    package var slowFactor = 10
    package var joinRate: Int?
    package var leaveWhenDone = false
    package var trackers = 1
    /// `full`, `line`, `ring` or the path of a file.
    package var topology: String?
    package var timeToLive: Int?
    package var what: What?
    package var queries = 100
    package var clients = 1
    package var seeds = SeedRange(1...1)
    package var faults = Faults.none
    package var json = false

    package init() {}

    package static let table = CommandTable<SimulateOptions>(
        name: "simulate",
        summary: "Tell how long a swarm would take, in virtual time, without starting it.",
        example: "mpiswarm simulate --peers 2000 --nic 25G --size 500G",
        operands: [
            .optional(
                "WHAT", .choice(of: What.self), into: \.what,
                "overlay: how trackers find what others know, instead of a job")
        ],
        options: whatToSend + links + behaviour + overlay + runs)

    private static let whatToSend: [Option<SimulateOptions>] = [
        .value(
            "job", "COMMAND", .choice(of: Job.self), into: \.job,
            "The command whose job is simulated. With --faults random, each run draws one."),
        .value(
            "peers", "N", .number(1...200_000), into: \.peers,
            "Simulate so many peers that want the file."),
        .value(
            "sources", "N", .number(1...1000), into: \.sources,
            "Simulate so many peers that have the file from the start."),
        .value(
            "pieces", "N", .number(1...1_000_000), into: \.pieces,
            default: "400, or as --size says", "Cut the file into so many pieces."),
        .value(
            "piece-size", "SIZE", .size, into: \.pieceSize, default: "1M, or as --size says",
            "Make each piece so long."),
        .value(
            "size", "SIZE", .size, into: \.size, default: "pieces times their size",
            "Send a file of this size."),
    ]

    private static let links: [Option<SimulateOptions>] = [
        .value(
            "nic", "RATE", .rate, into: \.nic, default: "as --up, --down and --source-up say",
            "Give every rank this rate in both directions."),
        .value("up", "RATE", .rate, into: \.up, "Let each peer send so many bits a second."),
        .value("down", "RATE", .rate, into: \.down, "Let each peer receive so many."),
        .value(
            "source-up", "RATE", .rate, into: \.sourceUp, default: "as a peer",
            "Let each source send so many."),
        .value(
            "latency", "DURATION", .duration, into: \.latency,
            "Let every message and piece take so long on its way."),
        .value(
            "slow-share", "PERCENT", .number(0...99), into: \.slowShare,
            "Make so many of a hundred peers slow."),
        .value(
            "slow-factor", "N", .number(1...1000), into: \.slowFactor,
            "Make them so many times slower than the others."),
    ]

    private static let behaviour: [Option<SimulateOptions>] = [
        .value(
            "policy", "POLICY", .choice(of: Policy.self), into: \.policy,
            "Decide by this policy who is served."),
        .value(
            "picker", "PICKER", .choice(of: Picker.self), into: \.picker,
            "Choose by this order which piece to ask for."),
        .value(
            "degree", "N", .number(2...1000), into: \.degree,
            "Tell each peer of so many neighbours where there are too many to tell of all."),
        .value(
            "active", "N", .number(1...1000), into: \.active,
            "Send so many pieces at once when cooperating."),
        .value(
            "slots", "N", .number(0...1000), into: \.slots,
            "Serve so many neighbours, and one more in turn, when trading tit for tat."),
        .value(
            "interval", "DURATION", .duration, into: \.interval,
            "Decide so often whom to serve when trading tit for tat."),
        .flag(
            "smart-source", into: \.smartSource,
            "Let sources offer their least served pieces when trading tit for tat."),
        .flag(
            "no-endgame", into: \.noEndgame,
            "Ask nobody for what another source is about to bring, not even in the end."),
        .value(
            "join-rate", "N", .number(1...1_000_000), into: \.joinRate, default: "all at once",
            "Let so many peers join a second."),
        .flag(
            "leave-when-done", into: \.leaveWhenDone,
            "Let peers leave when they have everything and nobody needs what they alone have."),
    ]

    private static let overlay: [Option<SimulateOptions>] = [
        .value(
            "trackers", "N", .number(1...1000), into: \.trackers,
            "Have so many trackers, each with a group of peers."),
        .value(
            "topology", "TOPOLOGY", .file, into: \.topology,
            default: "full; for overlay each in turn",
            "Let the trackers know each other so: full, line, ring, or a FILE with two on each "
                + "line."),
        .value(
            "ttl", "N", .number(1...1000), into: \.timeToLive, default: "enough for all",
            "Let a query go so many hops from tracker to tracker."),
        .value(
            "queries", "N", .number(1...1_000_000), into: \.queries,
            "For overlay, let each client ask for so many names, one after the other."),
        .value(
            "clients", "N", .number(1...100_000), into: \.clients,
            "For overlay, let so many peers ask at once."),
    ]

    private static let runs: [Option<SimulateOptions>] = [
        .value(
            "seeds", "N", .seeds, into: \.seeds,
            "Run so often, each time with other chances; 17..17 is the seventeenth run."),
        .value(
            "faults", "KIND", .choice(of: Faults.self), into: \.faults,
            "Let a random few kinds of faults happen in each run."),
        .flag("json", into: \.json, "Print the result as JSON."),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        .request(.simulate(self))
    }
}
