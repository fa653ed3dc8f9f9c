import Swarm
import Vocabulary

/// The orders of a standing job's users, decided before it begins from the seed alone.
///
/// The sources share content 0 from start to end, and each rank fetches it in the end. The other
/// contents come and go.
struct StandingScript: Sendable {
    enum Deed: Equatable, Sendable {
        /// The file was found, and will be shared when it is digested.
        case reads(Int)
        /// The file will not be shared after all.
        case readsNot(Int)
        case share(Int)
        case unshare(Int)
        /// The file changes, and later has its former bytes again.
        case vanish(Int)
        case renew(Int)
        case get(Int, Way)
        case catalog
        case roll(Int?)
        case holding(Int, at: Int)
        case status
        case warn
        case leave
        case join
    }

    /// The way in which a user names the content to fetch.
    enum Way: Int, CaseIterable, Sendable {
        case name
        case content
        /// From one rank alone.
        case source
    }

    struct Step: Equatable, Sendable {
        let time: Tick
        let rank: Int
        let deed: Deed
    }

    private(set) var steps: [Step] = []
    /// The ranks that own each content; the first row has the sources.
    private(set) var owners: [[Int]]
    private let ranks: Range<Int>
    private let span: Int
    private var chance: Chance

    /// All steps lie within `length`.
    init(_ options: SimulationOptions, within length: Duration) {
        ranks = options.peerRanks
        span = max(1, Int(length.wholeNanoseconds / 1_000_000))
        chance = Chance(seed: options.seed ^ 0x7365_7276)
        owners = [Array(options.trackers..<options.firstReceiver)]
        for content in 0..<options.standing.passing { pass(content + 1) }
        for rank in ranks where rank != options.trackers {
            for _ in 0..<options.standing.ordersPerRank { order(rank) }
            if chance.below(3) == 0 { goAway(rank) }
        }
        // Steps of one moment stay in the order in which they were drawn.
        steps = steps.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }.map(\.element)
    }

    private mutating func time(from first: Int = 0) -> Int {
        first + chance.below(max(1, span - first))
    }

    private mutating func add(_ deed: Deed, by rank: Int, at milliseconds: Int) {
        steps.append(Step(time: .zero + .milliseconds(milliseconds), rank: rank, deed: deed))
    }

    private mutating func pass(_ content: Int) {
        var own: [Int] = []
        for _ in 0..<1 + chance.below(2) {
            let owner = ranks.lowerBound + chance.below(ranks.count)
            guard !own.contains(owner) else { continue }
            own.append(owner)
            let begin = time() / 4
            add(.reads(content), by: owner, at: begin)
            guard chance.below(8) > 0 else {
                add(.readsNot(content), by: owner, at: time(from: begin))
                continue
            }
            let shared = begin + chance.below(1000)
            add(.share(content), by: owner, at: shared)
            let end = time(from: shared)
            switch chance.below(3) {
            case 0: add(.unshare(content), by: owner, at: end)
            case 1:
                add(.vanish(content), by: owner, at: end)
                add(.renew(content), by: owner, at: time(from: end))
            default: break
            }
        }
        owners.append(own)
    }

    private mutating func order(_ rank: Int) {
        let content = chance.below(owners.count)
        let way = Way.allCases[chance.below(Way.allCases.count)]
        let topic = chance.below(2) == 0 ? nil : content
        let other = owners[content].isEmpty ? rank : owners[content][0]
        let deed: Deed =
            switch chance.below(10) {
            case 0: .catalog
            case 1: .roll(topic)
            case 2: .holding(content, at: other)
            case 3: .status
            case 4: .warn
            default: .get(content, way)
            }
        add(deed, by: rank, at: time())
    }

    private mutating func goAway(_ rank: Int) {
        let gone = time()
        add(.leave, by: rank, at: gone)
        add(.join, by: rank, at: time(from: gone))
    }
}
