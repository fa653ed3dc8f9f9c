import Control
import Swarm
import Wire

extension PeerRow {
    /// All that it was to have has its name.
    var hasItsCopy: Bool {
        report.totals.wanted > 0 && report.totals.delivered == report.totals.wanted
    }

    /// Why it does not have what it should; nil where all is well. It `matters` what became of
    /// those that keep a copy.
    func stagingFailure(matters: Bool) -> String? {
        if isExpelled { return "it was dropped: the others read no more of its messages" }
        if !trouble.isEmpty { return trouble }
        if stage == .lost && (matters || isLoss) { return "it was lost" }
        for case .failure(_, let reason) in report.failures { return reason.words }
        return nil
    }
}
