import Vocabulary

/// The payloads that are under way over the links.
///
/// Invariant: each flow of the links has a row in `sending`.
struct PayloadFlows {
    private(set) var links: FairLinks
    /// By flow number.
    private var sending: [SendingFlow] = []
    /// By sender, the payloads that will never leave because their receivers are dead.
    private var stuck: [Int]

    static let payloadsPerDestinationMax = 16
    static let payloadsMax = 512

    init(_ links: FairLinks, rankCount: Int) {
        self.links = links
        stuck = [Int](repeating: 0, count: rankCount)
    }

    /// Counting the flows costs less than a table of pairs, because an uploader has few.
    func hasRoom(from source: Int, to destination: Int32) -> Bool {
        guard links.uploadCount(of: source) + stuck[source] < Self.payloadsMax else { return false }
        var count = 0
        links.uploads(of: source) {
            if sending[Int($0.raw)].destination == destination { count += 1 }
        }
        return count < Self.payloadsPerDestinationMax
    }

    func isDrained(_ rank: Int) -> Bool { links.uploadCount(of: rank) + stuck[rank] == 0 }

    func isUnlimited(from source: Int, to destination: Int) -> Bool {
        links.isUnlimited(from: source, to: destination)
    }

    /// Calls `body` with the receiver of each payload that the rank is sending.
    func receivers(of source: Int, _ body: (Int) -> Void) {
        links.uploads(of: source) { body(Int(sending[Int($0.raw)].destination)) }
    }

    mutating func start(_ flow: SendingFlow, now: Tick) {
        let number = links.start(
            from: Int(flow.source), to: Int(flow.destination),
            byteCount: Int(flow.payload.byteCount), now: now)
        let place = Int(number.raw)
        if place < sending.count { sending[place] = flow } else { sending.append(flow) }
    }

    /// Ends the flow, and returns what has arrived.
    mutating func end(_ number: FlowNumber, now: Tick) -> SendingFlow {
        links.end(number, now: now)
        return sending[Int(number.raw)]
    }

    /// Breaks off everything that a dead rank was sending or receiving.
    mutating func breakOff(_ dead: Int, now: Tick) {
        var broken: [FlowNumber] = []
        links.uploads(of: dead) { broken.append($0) }
        let uploadCount = broken.count
        links.downloads(of: dead) { broken.append($0) }
        for number in broken[uploadCount...] {
            stuck[Int(sending[Int(number.raw)].source)] += 1
        }
        for number in broken { links.end(number, now: now) }
    }

    /// Returns false if the links of the rank have these capacities already.
    mutating func setCapacity(of rank: Int, up: Double, down: Double, now: Tick) -> Bool {
        guard links.upCapacity(of: rank) != up || links.downCapacity(of: rank) != down else {
            return false
        }
        links.setCapacity(of: rank, up: up, down: down, now: now)
        return true
    }

    mutating func nextToSchedule() -> (FlowNumber, generation: UInt32, at: Tick)? {
        links.nextToSchedule()
    }

    mutating func verdict(_ number: FlowNumber, generation: UInt32, now: Tick) -> FlowVerdict {
        links.verdict(number, generation: generation, now: now)
    }
}
