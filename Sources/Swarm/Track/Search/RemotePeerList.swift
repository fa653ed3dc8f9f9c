import Vocabulary
import Wire

/// The ranks of the other groups, as their trackers last reported them.
struct RemotePeerList: Sendable {
    private var entries: [RollEntry] = []
    /// The entries that arrive while a query is under way.
    private var incoming: [RollEntry] = []

    mutating func begin() { incoming = [] }

    /// Entries beyond the limit are not remembered.
    mutating func learned(_ page: [RollEntry], atMost most: Int) {
        incoming += page.prefix(max(0, most - incoming.count))
    }

    mutating func end() { entries = incoming }

    /// The entries of all ranks of the job, in order. If two groups report a rank, the group where
    /// it lives counts; a rank that none reports is lost.
    func merged(with own: [RollEntry], _ ranks: Range<Int32>) -> [RollEntry] {
        var known: [RollEntry.Presence?] = ranks.map { _ in nil }
        for entry in entries + own where ranks.contains(entry.rank.raw) {
            let place = Int(entry.rank.raw - ranks.lowerBound)
            guard entry.presence.weight > known[place]?.weight ?? 0 else { continue }
            known[place] = entry.presence
        }
        return known.enumerated().map { place, presence in
            RollEntry(
                rank: Rank(ranks.lowerBound + Int32(place)), presence: presence ?? .lost)
        }
    }
}

extension RollEntry.Presence {
    /// If two trackers report one rank, the entry with the greater weight counts.
    fileprivate var weight: Int {
        switch self {
        case .lost: 1
        case .absent: 2
        case .left: 3
        case .looking: 4
        case .reading: 5
        case .present: 6
        }
    }
}
