import Swarm
import Vocabulary
import Wire

/// Compares the final account of a staged job with the copies that are really complete.
struct AccountCheck {
    private let options: SimulationOptions
    private let plan: FaultPlan
    private let finishes: CompletedContents

    init(_ options: SimulationOptions, _ plan: FaultPlan, _ finishes: CompletedContents) {
        self.options = options
        self.plan = plan
        self.finishes = finishes
    }

    func violation(of row: PeerRow) -> SafetyViolation? {
        let rank = Int(row.rank.raw)
        guard rank >= options.firstReceiver, plan.mischief[rank].isEmpty else { return nil }
        let isFinished = finishes.hasFinished(rank)
        if row.isWithoutFailure, !isFinished { return .countedComplete(row.rank) }
        guard isFinished, plan.isDemanded[rank], !row.isWithoutFailure else { return nil }
        return .countedIncomplete(row.rank)
    }
}

extension PeerRow {
    /// Whether the account counts its copy as complete.
    fileprivate var isWithoutFailure: Bool {
        !isExpelled && trouble.isEmpty && stage != .lost
            && !report.failures.contains { if case .failure = $0 { true } else { false } }
    }
}
