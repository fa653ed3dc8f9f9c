import Swarm
import Vocabulary

/// What has to be remembered to see that nobody does what nobody may do.
struct SafetyWatch {
    private(set) var violations: [SafetyViolation] = []
    /// By (uploader, neighbour): whether the last word between them was not to ask.
    private var isChoked: [Bool]
    private let rankCount: Int
    /// Who was killed or stood still at any time.
    var wasStruck: [Bool]
    /// Whoever asks for everything many times gets it many times.
    private let isHonest: [Bool]
    private let hasSoundDisk: [Bool]
    /// In a standing job what a rank has is not always shared, and the rank not always there.
    let sharesAll: Bool
    private let sendsMax: Int
    private let receivesMax: Int

    /// One broken rule may be broken by every message: the first few say enough.
    private static let violationsMax = 8

    /// Who measures that one send does not fill its link adds up to two.
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
                options.sendsActiveMax + Self.extraSendsMax + rules.slowSendsMax
            case .titForTat: options.preferredMax + 1
            case .onRequest: NetworkState.payloadsMax
            }
        receivesMax = DownloaderRules(tracker: .first).requestsInFlightMax
    }

    mutating func note(_ violation: SafetyViolation) {
        guard violations.count < Self.violationsMax, !violations.contains(violation) else {
            return
        }
        violations.append(violation)
    }

    /// Nothing has gone wrong with it but slow links.
    func isSound(_ rank: Int) -> Bool {
        isHonest[rank] && hasSoundDisk[rank] && !wasStruck[rank]
    }

    /// Whether the tracker's word on what that rank cannot have is to be right. A rank that garbles
    /// what it sends may be the heir, and what it garbled then it does not send again.
    func accountsFor(_ rank: Rank, at tracker: Rank) -> Bool {
        isSound(Int(rank.raw)) && isHonest[Int(tracker.raw)]
    }

    mutating func told(_ isChoked: Bool, by uploader: Rank, to neighbour: Rank) {
        self.isChoked[place(uploader, neighbour)] = isChoked
    }

    /// So many payloads came to a rank that had not asked for them, or no longer waits.
    mutating func unmatched(_ count: Int, at rank: Rank) {
        guard count > receivesMax, isHonest[Int(rank.raw)] else { return }
        note(.tooManyUnmatched(at: rank))
    }

    mutating func lent(_ count: Int, by rank: Rank) {
        if count > receivesMax { note(.tooManyReceives(by: rank)) }
    }

    /// A payload is about to leave, and so many others of its sender are under way.
    mutating func sending(from uploader: Rank, to neighbour: Rank, underWay: Int) {
        if isChoked[place(uploader, neighbour)] { note(.sentToChoked(neighbour, by: uploader)) }
        if underWay >= sendsMax { note(.tooManySends(by: uploader)) }
    }

    private func place(_ uploader: Rank, _ neighbour: Rank) -> Int {
        Int(uploader.raw) * rankCount + Int(neighbour.raw)
    }
}
