import Swarm
import Vocabulary

/// The state that is needed to notice a broken safety rule.
struct SafetyWatch {
    private(set) var violations: [SafetyViolation] = []
    /// By (uploader, neighbour): whether the uploader last choked the neighbour.
    private var isChoked: [Bool]
    private let rankCount: Int
    /// Ranks that were killed or paused at any time.
    var wasStruck: [Bool]
    /// A dishonest rank may request everything many times, and then gets it many times.
    private let isHonest: [Bool]
    private let hasSoundDisk: [Bool]
    /// In a standing job a rank does not always share what it has, and is not always there.
    let sharesAll: Bool
    private let sendsMax: Int
    private let receivesMax: Int

    /// Every message may break the same rule, so the first few violations are enough.
    private static let violationsMax = 8

    /// An uploader that finds its link idle during a send may start up to two more.
    private static let extraSendsMax = 2

    init(_ options: SimulationOptions, mischief: [Mischief], disks: [DiskModel?]) {
        isHonest = mischief.map(\.isEmpty)
        sharesAll = options.kind != .standing
        hasSoundDisk = disks.map { $0 == nil }
        rankCount = options.rankCount
        wasStruck = [Bool](repeating: false, count: rankCount)
        isChoked = [Bool](repeating: false, count: rankCount * rankCount)
        let rules = UploaderRules(tracker: .first)
        sendsMax =
            switch options.serving {
            case .cooperative:
                max(options.sendsActiveMax + Self.extraSendsMax, LinkPlaces.most)
                    + rules.slowSendsMax
            case .titForTat: options.preferredMax + 1
            case .onRequest: PayloadFlows.payloadsMax
            }
        receivesMax = DownloaderRules(tracker: .first).requestsInFlightMax
    }

    mutating func note(_ violation: SafetyViolation) {
        guard violations.count < Self.violationsMax, !violations.contains(violation) else {
            return
        }
        violations.append(violation)
    }

    /// Whether no fault but slow links has struck it.
    func isSound(_ rank: Int) -> Bool {
        isHonest[rank] && hasSoundDisk[rank] && !wasStruck[rank]
    }

    /// Whether the tracker must be right about what that rank cannot have. A rank that garbles its
    /// messages may be the heir, and it does not send again what it garbled then.
    func accountsFor(_ rank: Rank, at tracker: Rank) -> Bool {
        isSound(Int(rank.raw)) && isHonest[Int(tracker.raw)]
    }

    mutating func told(_ isChoked: Bool, by uploader: Rank, to neighbour: Rank) {
        self.isChoked[place(uploader, neighbour)] = isChoked
    }

    /// `count` payloads arrived that the rank had not requested, or for which it no longer waits.
    mutating func unmatched(_ count: Int, at rank: Rank) {
        guard count > receivesMax, isHonest[Int(rank.raw)] else { return }
        note(.tooManyUnmatched(at: rank))
    }

    mutating func lent(_ count: Int, by rank: Rank) {
        if count > receivesMax { note(.tooManyReceives(by: rank)) }
    }

    /// A payload is about to leave while `underWay` others of its sender are under way.
    mutating func sending(from uploader: Rank, to neighbour: Rank, underWay: Int) {
        if isChoked[place(uploader, neighbour)] { note(.sentToChoked(neighbour, by: uploader)) }
        if underWay >= sendsMax { note(.tooManySends(by: uploader)) }
    }

    private func place(_ uploader: Rank, _ neighbour: Rank) -> Int {
        Int(uploader.raw) * rankCount + Int(neighbour.raw)
    }
}
