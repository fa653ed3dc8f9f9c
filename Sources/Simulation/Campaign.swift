/// Many seeds, each with faults of its own. A kind of fault or a rare branch that never did
/// anything makes a campaign worthless, so these are counted.
package struct Campaign: Sendable {
    private let shape: CampaignShape
    package private(set) var runCount = 0
    package private(set) var failures: [CampaignFailure] = []
    package private(set) var faults: [CampaignCount]
    package private(set) var branches: [CampaignCount] = []

    package init(_ shape: CampaignShape) {
        self.shape = shape
        faults = shape.options.faults.kinds.map { CampaignCount($0.name) }
    }

    package var neverFired: [String] {
        (faults + branches).filter { $0.total == 0 }.map(\.name)
    }

    /// The job of a seed; nil when there is no such content.
    package func job(_ seed: UInt64) -> SimulatedJob? { SimulatedJob(shape.options(of: seed)) }

    /// Runs a job to its end and counts what happened.
    package mutating func run(_ job: SimulatedJob) -> SimulationOutcome {
        _ = job.run()
        runCount += 1
        let outcome = job.outcome
        for (place, kind) in shape.options.faults.kinds.enumerated() {
            faults[place].add(outcome.fired[kind.rawValue])
        }
        let rows = job.branches
        if branches.isEmpty { branches = rows.map { CampaignCount($0.name) } }
        for (place, row) in rows.enumerated() { branches[place].add(row.count) }
        if let failure = CampaignFailure(job, outcome) { failures.append(failure) }
        return outcome
    }
}
