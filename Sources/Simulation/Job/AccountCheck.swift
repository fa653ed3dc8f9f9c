import Swarm
import Vocabulary
import Wire

/// Compares the final account of a staged job with the copies that are really complete.
struct AccountCheck {
    private let options: SimulationOptions
    private let plan: FaultPlan
    private let finishes: CompletedContents
    private let collected: CollectedTable

    init(_ options: SimulationOptions, _ plan: FaultPlan, _ network: SimulatedNetwork) {
        self.options = options
        self.plan = plan
        finishes = network.state.finishes
        collected = network.state.collected
    }

    func violation(of row: PeerRow) -> SafetyViolation? {
        let rank = Int(row.rank.raw)
        guard plan.mischief[rank].isEmpty else { return nil }
        guard options.collected == nil else { return violation(ofWriter: row) }
        guard rank >= options.firstReceiver else { return nil }
        let isFinished = finishes.hasFinished(rank)
        if row.isWithoutFailure, !isFinished { return .countedComplete(row.rank) }
        guard isFinished, plan.isDemanded[rank], !row.isWithoutFailure else { return nil }
        return .countedIncomplete(row.rank)
    }

    /// The copies of a rank that writes count together.
    private func violation(ofWriter row: PeerRow) -> SafetyViolation? {
        let written = collected.rows.filter { $0.collected.writer == row.rank }
        let areNamed = written.allSatisfy(\.isNamed)
        if row.isWithoutFailure, !areNamed { return .countedComplete(row.rank) }
        let isDemanded = written.contains { $0.owners.contains { plan.isDemanded[Int($0.raw)] } }
        guard areNamed, isDemanded, !row.isWithoutFailure else { return nil }
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
