import Swarm
import Vocabulary

/// A rank that tracks and is a peer besides is missed twice, and its user is told once.
struct ReportedLosses {
    private var lost: Set<Rank> = []

    /// False for what was told already.
    mutating func isNews(_ warning: TrackerWarning) -> Bool {
        switch warning {
        case .lost(let rank), .died(let rank): lost.insert(rank).inserted
        case .returned(let rank): lost.remove(rank) != nil
        case .disagreement, .parted, .noted, .accused: true
        }
    }
}
