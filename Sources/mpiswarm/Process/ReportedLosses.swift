import Swarm
import Vocabulary

/// The losses that the user was warned of: a rank that tracks and is a peer is lost twice, and
/// reported once.
struct ReportedLosses {
    private var lost: Set<Rank> = []

    /// Returns false for a loss that was reported already.
    mutating func isNews(_ warning: TrackerWarning) -> Bool {
        switch warning {
        case .lost(let rank), .died(let rank), .unresponsive(let rank):
            lost.insert(rank).inserted
        case .returned(let rank): lost.remove(rank) != nil
        case .disagreement, .parted, .noted, .accused: true
        }
    }
}
