import Vocabulary

/// What a simulated network consists of. One value, so that an operation on it is one access:
/// a class with a dozen properties pays for each of them anew (measured: 480 ns per message
/// against 200).
///
/// Two messages of one sender on one tag never overtake each other. Invariant: a slot is in the
/// queue, in one inbox, among the unexpected of one endpoint, lent as an arrival, or free.
struct NetworkState: ~Copyable {
    let rankCount: Int
    let ends: NetworkEnds
    private(set) var contents: [SimulatedContent]
    /// What publishers of staged contents said.
    var published: [PublishedTable] = []
    let seed: UInt64
    var latency: Latency
    var queue: EventQueue
    var links: FairLinks
    var slots = SlotPool()
    var endpoints: [EndpointRow]
    /// By flow number.
    var sending: [SendingFlow] = []
    /// Endpoints to be stepped now, in the order in which they got something.
    var ready: [UInt32] = []
    var isDead: [Bool]
    /// Payloads that will never leave, because their receiver is dead.
    var stuck: [Int]
    var disks: [SimulatedDisk]
    /// What each rank does to what it sends; empty where all are honest.
    var mischief: [Mischief] = []
    var mischiefChance: Chance
    /// Nil where nobody looks.
    var watch: SafetyWatch?
    /// How often each kind of fault did something.
    var fired = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// Ranks that must finish, and how many of them have not.
    var demanded: [Bool]
    var demandedLeft = 0
    /// Wants that each rank has whole, and when it got the last of them.
    var finishedWants: [Int]
    var finishedAt: [Tick]
    var jitterChance: Chance
    /// The latest arrival so far by (source, destination, tag); empty without jitter.
    var lastArrival: [UInt64] = []
    var hash = RunHash()
    var counts: NetworkCounts

    /// More would need too large a table to keep the order of what is delayed at random.
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

    /// A staged job makes its contents itself.
    mutating func add(_ content: SimulatedContent) {
        contents.append(content)
        for place in disks.indices { disks[place].add(content) }
    }

    /// Lets everything happen that happens in the next moment, if that is not later than `end`.
    /// What the job has to do itself is put into `duties`. False when nothing happened.
    mutating func advance(through end: Tick, duties: inout [EventRow]) -> Bool {
        guard let first = queue.next(through: end) else { return false }
        handle(first, &duties)
        // Before anybody looks, for less steps.
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

    /// It has something to do, now or, if it is paused, when it comes back.
    @inline(__always)
    mutating func markReady(_ endpoint: UInt32) {
        let place = Int(endpoint)
        guard !endpoints[place].isReady, endpoints[place].isOpen, !endpoints[place].isPaused
        else { return }
        endpoints[place].isReady = true
        ready.append(endpoint)
    }

    /// Who is to be stepped next, if anybody is.
    mutating func takeReady(into batch: inout [UInt32]) {
        swap(&ready, &batch)
        for endpoint in batch { endpoints[Int(endpoint)].isReady = false }
    }
}
