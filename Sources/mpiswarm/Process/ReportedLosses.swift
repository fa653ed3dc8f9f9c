import Swarm
import Vocabulary

/// The losses of which the user was warned: a rank that is both tracker and peer is lost twice, but
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
