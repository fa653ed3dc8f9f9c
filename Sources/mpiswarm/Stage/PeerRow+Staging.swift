import Control
import Swarm
import Wire

extension PeerRow {
    /// Whether the copy of this peer is complete and has its name.
    var hasItsCopy: Bool {
        report.totals.wanted > 0 && report.totals.delivered == report.totals.wanted
    }

    /// The reason why this peer has failed; nil if it has not. A lost peer has failed if it
    /// `matters`, because it was to keep a copy.
    func stagingFailure(matters: Bool) -> String? {
        if isExpelled { return "it was dropped: the others read no more of its messages" }
        if !trouble.isEmpty { return trouble }
        if stage == .lost && (matters || isLoss) { return "it was lost" }
        for case .failure(_, let reason) in report.failures { return reason.words }
        return nil
    }
}
