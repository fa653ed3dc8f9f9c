import Vocabulary

/// The ranks that may track for a peer, in the order in which it turns to them: the trackers of the
/// job, and then its heirs, the lowest living one of which takes over.
///
/// Invariant: a peer never turns to a rank that is known to be dead.
struct Succession: Sendable {
    /// The number of silent heirs in a row that are tried. A rank that is cut off finds all of them
    /// silent, and would never end if it waited a lease for each.
    private static let silentHeirsMax = 3
    /// The number of ranks that are asked repeatedly whether they are back.
    private static let seniorsMax = 4

    private let trackers: [Rank]
    private let heirs: [Rank]
    private(set) var dead: [Rank] = []
    /// The heirs that did not answer.
    private var silentHeirs: [Rank] = []
    /// The number of trackers in a row that did not answer.
    private var silences = 0

    init(_ rules: DownloaderRules) {
        trackers = rules.jobTrackers
        heirs = rules.spareHeirs
    }

    /// Whether no other rank can track: then more patience is due. Otherwise a tracker that was
    /// silent for too long is followed again as soon as it answers.
    var isWithoutChoice: Bool { trackers.count == 1 && heirs.isEmpty }

    func isHeir(_ rank: Rank) -> Bool { heirs.contains(rank) }

    func isDead(_ rank: Rank) -> Bool { dead.contains(rank) }

    /// Notes the death of a rank. Returns false if it was known.
    mutating func died(_ rank: Rank) -> Bool {
        guard !dead.contains(rank) else { return false }
        dead.append(rank)
        return true
    }

    /// Notes that the current tracker has answered.
    mutating func heard() { silences = 0 }

    /// The rank to turn to when this one is dead or silent; nil if all were tried.
    mutating func next(after tracker: Rank) -> Rank? {
        let isDead = dead.contains(tracker)
        if let place = trackers.firstIndex(of: tracker), trackers.count > 1,
            isDead || silences < trackers.count(where: { !dead.contains($0) })
        {
            // The dead take no time, and ranks that begin at different trackers pass over different
            // numbers of them.
            if !isDead { silences += 1 }
            let ring = trackers[(place + 1)...] + trackers[...place]
            if let next = ring.first(where: { !dead.contains($0) }) { return next }
        }
        if isHeir(tracker), !dead.contains(tracker), !silentHeirs.contains(tracker) {
            silentHeirs.append(tracker)
        }
        guard silentHeirs.count < Self.silentHeirsMax else { return nil }
        return heirs.first { !dead.contains($0) && !silentHeirs.contains($0) }
    }

    /// The ranks before an heir that would track if they were back, in order. A tracker of the job
    /// has none before it, because any of the trackers will do.
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

    /// Notes that a senior is back: ranks that were silent may answer the next time.
    mutating func returned() {
        silentHeirs = []
        silences = 0
    }

    func inheritance(of heir: Rank) -> Inheritance {
        let passed = trackers + heirs[..<(heirs.firstIndex(of: heir) ?? 0)]
        return Inheritance(lost: passed + dead.filter { !passed.contains($0) }, dead: dead)
    }
}
