import Vocabulary

/// The ranks that may track for a peer, in the order in which it turns to them: the trackers of
/// the job, and then its heirs, of which the lowest living one takes the account over.
///
/// Invariant: a rank that is known to be dead is never turned to.
struct Succession: Sendable {
    /// Heirs in a row that are tried and found silent. A rank that is cut off finds all of them
    /// silent, and a lease for each would keep it from its end.
    private static let silentHeirsMax = 3
    /// Ranks that are asked again and again whether they are back.
    private static let seniorsMax = 4

    private let trackers: [Rank]
    private let heirs: [Rank]
    private(set) var dead: [Rank] = []
    /// Heirs that were turned to and said nothing.
    private var silentHeirs: [Rank] = []
    /// Ranks in a row that were turned to and said nothing.
    private var silences = 0

    init(_ rules: DownloaderRules) {
        trackers = rules.jobTrackers
        heirs = rules.spareHeirs
    }

    /// Whether nobody else can track: more patience is due then. Where another rank can, a tracker
    /// that was silent for too long is followed again as soon as it is heard.
    var isWithoutChoice: Bool { trackers.count == 1 && heirs.isEmpty }

    func isHeir(_ rank: Rank) -> Bool { heirs.contains(rank) }

    func isDead(_ rank: Rank) -> Bool { dead.contains(rank) }

    /// False when it was known.
    mutating func died(_ rank: Rank) -> Bool {
        guard !dead.contains(rank) else { return false }
        dead.append(rank)
        return true
    }

    /// The rank that is turned to has said something.
    mutating func heard() { silences = 0 }

    /// The rank to turn to when this one is dead or silent; nil where all have been tried.
    mutating func next(after tracker: Rank) -> Rank? {
        if let place = trackers.firstIndex(of: tracker), trackers.count > 1,
            silences < trackers.count
        {
            silences += 1
            let ring = trackers[(place + 1)...] + trackers[...place]
            if let next = ring.first(where: { !dead.contains($0) }) { return next }
        }
        if isHeir(tracker), !dead.contains(tracker), !silentHeirs.contains(tracker) {
            silentHeirs.append(tracker)
        }
        guard silentHeirs.count < Self.silentHeirsMax else { return nil }
        return heirs.first { !dead.contains($0) && !silentHeirs.contains($0) }
    }

    /// Ranks that would track for us if they were heard again, in order. Where a tracker of the job
    /// tracks there are none: any of those does.
    func seniors(of tracker: Rank) -> [Rank] {
        guard let place = heirs.firstIndex(of: tracker) else { return [] }
        let living = (trackers + heirs[..<place]).filter { !dead.contains($0) }
        return Array(living.prefix(Self.seniorsMax))
    }

    func isSenior(_ rank: Rank, to tracker: Rank) -> Bool {
        guard let place = heirs.firstIndex(of: tracker), !dead.contains(rank) else { return false }
        return trackers.contains(rank) || heirs[..<place].contains(rank)
    }

    func isCandidate(_ rank: Rank) -> Bool { trackers.contains(rank) || heirs.contains(rank) }

    /// A senior is back: whichever of the others was silent may be heard the next time.
    mutating func returned() {
        silentHeirs = []
        silences = 0
    }

    func inheritance(of heir: Rank) -> Inheritance {
        let passed = trackers + heirs[..<(heirs.firstIndex(of: heir) ?? 0)]
        return Inheritance(lost: passed + dead.filter { !passed.contains($0) }, dead: dead)
    }
}
