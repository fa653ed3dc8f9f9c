import Vocabulary

/// The state of a simulated network. It is one value, so that each operation is one exclusive
/// access: a class with a dozen properties pays for each of them (measured: 480 ns per message
/// against 200).
struct NetworkState: ~Copyable {
    let ends: NetworkEnds
    var contentTable: ContentTable
    var delays: MessageDelays
    var queue: EventQueue
    private(set) var flows: PayloadFlows
    var endpoints: EndpointTable
    private(set) var isDead: [Bool]
    var disks: [SimulatedDisk]
    var mischief: MischiefTable
    /// Nil in runs without faults.
    var watch: SafetyWatch?
    /// For each kind of fault, the number of times that it had an effect.
    var fired = [Int](repeating: 0, count: FaultKind.allCases.count)
    var finishes: CompletedContents
    /// Empty unless the job collects.
    var collected = CollectedTable()
    var record: NetworkRecord

    init(
        contents: [SimulatedContent], links: FairLinks, rankCount: Int, trackerCount: Int,
        latency: Latency, disk: DiskModel, seed: UInt64
    ) {
        ends = NetworkEnds(rankCount: rankCount, trackerCount: trackerCount)
        contentTable = ContentTable(contents)
        delays = MessageDelays(latency, rankCount: rankCount, seed: seed)
        queue = EventQueue(delays: latency.delays)
        flows = PayloadFlows(links, rankCount: rankCount)
        endpoints = EndpointTable(count: ends.count)
        isDead = [Bool](repeating: false, count: rankCount)
        disks = (0..<rankCount).map { _ in SimulatedDisk(disk, contents: contents) }
        mischief = MischiefTable(seed: seed)
        finishes = CompletedContents(rankCount: rankCount)
        record = NetworkRecord(rankCount: rankCount)
    }

    @inline(__always)
    var now: Tick { queue.now }

    var contents: [SimulatedContent] { contentTable.contents }

    /// Adds a content that a staged job has planned.
    mutating func add(_ content: SimulatedContent) {
        contentTable.add(content)
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
        case .alarm: endpoints.alarmRang(row.subject, generation: row.generation)
        case .disk: diskDid(row.subject)
        case .joined, .ordered, .fault, .deathReported, .unpacked: duties.append(row)
        }
    }

    // MARK: Payloads under way

    func isDrained(_ rank: Rank) -> Bool { flows.isDrained(Int(rank.raw)) }

    /// Starts a flow for which there is room.
    mutating func start(_ flow: SendingFlow) {
        flows.start(flow, now: now)
        scheduleFlows()
    }

    func hasRoom(from source: Int, to destination: Int32) -> Bool {
        !isDead[Int(destination)] && flows.hasRoom(from: source, to: destination)
    }

    mutating func setCapacity(of rank: Int, up: Double, down: Double) {
        guard flows.setCapacity(of: rank, up: up, down: down, now: now) else { return }
        scheduleFlows()
    }

    private mutating func scheduleFlows() {
        while let (number, generation, time) = flows.nextToSchedule() {
            queue.schedule(.flowEnded, number.raw, generation: generation, at: time)
        }
    }

    /// Handles an event for a flow's end, which may be stale or too early.
    private mutating func flowEnded(_ raw: UInt32, generation: UInt32) {
        let number = FlowNumber(raw)
        switch flows.verdict(number, generation: generation, now: now) {
        case .stale: break
        case .early(let time):
            queue.schedule(.flowEnded, raw, generation: generation, at: time)
        case .ended:
            arrive(flows.end(number, now: now))
            scheduleFlows()
        }
    }

    // MARK: Faults

    /// A paused rank receives everything and does nothing, until it goes on.
    mutating func setPaused(_ rank: Rank, _ isPaused: Bool) {
        if isPaused { watch?.wasStruck[Int(rank.raw)] = true }
        for endpoint in ends.all(of: Int(rank.raw)) { endpoints.setPaused(endpoint, isPaused) }
    }

    /// Kills a rank at once: its flows break off, and messages to it are dropped.
    mutating func kill(_ rank: Rank) {
        let dead = Int(rank.raw)
        isDead[dead] = true
        for endpoint in ends.all(of: dead) { endpoints.close(endpoint) }
        flows.breakOff(dead, now: now)
        scheduleFlows()
    }
}
