import Vocabulary

/// The state of a simulated network. It is one value, so that each operation is one exclusive
/// access: a class with a dozen properties pays for each of them (measured: 480 ns per message
/// against 200).
///
/// Two messages of one sender on one tag never overtake each other. Invariant: a slot is in the
/// queue, in one inbox, among the unexpected of one endpoint, lent as an arrival, or free.
struct NetworkState: ~Copyable {
    let rankCount: Int
    let ends: NetworkEnds
    private(set) var contents: [SimulatedContent]
    /// The digest tables of the publishers of staged contents.
    var published: [PublishedTable] = []
    let seed: UInt64
    var latency: Latency
    var queue: EventQueue
    var links: FairLinks
    var slots = SlotPool()
    var endpoints: [EndpointRow]
    /// By flow number.
    var sending: [SendingFlow] = []
    /// Endpoints to be stepped now, in the order in which they became ready.
    var ready: [UInt32] = []
    var isDead: [Bool]
    /// By sender, the payloads that will never leave because their receivers are dead.
    var stuck: [Int]
    var disks: [SimulatedDisk]
    /// The wrong behaviour of each rank; empty where all are honest.
    var mischief: [Mischief] = []
    var mischiefChance: Chance
    /// Nil in runs without faults.
    var watch: SafetyWatch?
    /// For each kind of fault, the number of times that it had an effect.
    var fired = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// Ranks that must finish, and the number of those that have not.
    var demanded: [Bool]
    var demandedLeft = 0
    /// The number of contents that each rank has completed, and the time of the last.
    var finishedWants: [Int]
    var finishedAt: [Tick]
    var jitterChance: Chance
    /// The latest arrival so far by (source, destination, tag); empty without jitter.
    var lastArrival: [UInt64] = []
    var hash = RunHash()
    var counts: NetworkCounts

    /// More ranks would need too large a table to keep messages with random delays in order.
    static let jitteryRanksMax = 2048
    static let payloadsPerDestinationMax = 16
    static let payloadsMax = 512

    init(
        contents: [SimulatedContent], links: FairLinks, rankCount: Int, trackerCount: Int,
        latency: Latency, disk: DiskModel, seed: UInt64
    ) {
        self.rankCount = rankCount
        ends = NetworkEnds(rankCount: rankCount, trackerCount: trackerCount)
        self.contents = contents
        self.links = links
        self.latency = latency
        self.seed = seed
        queue = EventQueue(delays: latency.delays)
        endpoints = [EndpointRow](repeating: EndpointRow(), count: ends.count)
        isDead = [Bool](repeating: false, count: rankCount)
        demanded = isDead
        stuck = [Int](repeating: 0, count: rankCount)
        finishedWants = [Int](repeating: 0, count: rankCount)
        finishedAt = [Tick](repeating: .never, count: rankCount)
        disks = (0..<rankCount).map { _ in SimulatedDisk(disk, contents: contents) }
        mischiefChance = Chance(seed: seed ^ 0x6D69_7363)
        jitterChance = Chance(seed: seed ^ 0x6A69_7474)
        counts = NetworkCounts(rankCount: rankCount)
        if latency.jitterMax > .zero {
            precondition(rankCount <= Self.jitteryRanksMax, "too many ranks for jitter")
            let pairs = rankCount * rankCount * Tag.allCases.count
            lastArrival = [UInt64](repeating: 0, count: pairs)
        }
    }

    @inline(__always)
    var now: Tick { queue.now }

    /// Adds a content that a staged job has planned.
    mutating func add(_ content: SimulatedContent) {
        contents.append(content)
        for place in disks.indices { disks[place].add(content) }
    }

    /// Handles all events of the next moment, if that is not later than `end`. Events that the job
    /// itself has to handle are appended to `duties`. Returns false if there was none.
    mutating func advance(through end: Tick, duties: inout [EventRow]) -> Bool {
        guard let first = queue.next(through: end) else { return false }
        handle(first, &duties)
        // All events of the moment come before the next step, which saves steps.
        while let row = queue.next(through: first.time) { handle(row, &duties) }
        return true
    }

    @inline(__always)
    private mutating func handle(_ row: EventRow, _ duties: inout [EventRow]) {
        switch row.kind {
        case .delivered: delivered(row.subject)
        case .flowEnded: flowEnded(row.subject, generation: row.generation)
        case .alarm: alarmRang(row.subject, generation: row.generation)
        case .disk: diskDid(row.subject)
        case .joined, .ordered, .fault: duties.append(row)
        }
    }

    /// Notes that the endpoint has something to do. A paused endpoint is noted when it goes on.
    @inline(__always)
    mutating func markReady(_ endpoint: UInt32) {
        let place = Int(endpoint)
        guard !endpoints[place].isReady, endpoints[place].isOpen, !endpoints[place].isPaused
        else { return }
        endpoints[place].isReady = true
        ready.append(endpoint)
    }

    /// Takes the endpoints that are to be stepped next.
    mutating func takeReady(into batch: inout [UInt32]) {
        swap(&ready, &batch)
        for endpoint in batch { endpoints[Int(endpoint)].isReady = false }
    }
}
