import Vocabulary
import Wire

/// Who is there in the other groups, as they said it last.
struct ForeignRoll: Sendable {
    private var entries: [RollEntry] = []
    /// What comes in while a query is on its way.
    private var incoming: [RollEntry] = []

    mutating func begin() { incoming = [] }

    /// Entries beyond the limit are not remembered.
    mutating func learned(_ page: [RollEntry], atMost most: Int) {
        incoming += page.prefix(max(0, most - incoming.count))
    }

    mutating func end() { entries = incoming }

    /// Of all ranks of a job, in order. Who went from one group to another is where it lives; whom
    /// nobody speaks of is lost.
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
    /// Which of two trackers is right.
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
