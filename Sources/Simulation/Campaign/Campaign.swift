/// Many seeds, each with faults of its own. A campaign in which a kind of fault or a rare branch
/// never occurred has shown nothing about it, so these are counted.
package struct Campaign: Sendable {
    private let shape: CampaignShape
    private let kinds: [FaultKind]
    package private(set) var runCount = 0
    package private(set) var failures: [CampaignFailure] = []
    package private(set) var faults: [CampaignCount]
    package private(set) var branches: [CampaignCount] = []

    package init(_ shape: CampaignShape) {
        self.shape = shape
        kinds = shape.options.faults.kinds.filter { shape.mayStrike($0) }
        faults = kinds.map { CampaignCount($0.name) }
    }

    package var neverFired: [String] {
        (faults + branches).filter { $0.total == 0 }.map(\.name)
    }

    /// The job of a seed; nil where no content can have such pieces.
    package func job(_ seed: UInt64) -> SimulatedJob? { SimulatedJob(shape.options(of: seed)) }

    /// Runs a job to its end and counts what happened.
    package mutating func run(_ job: SimulatedJob) -> SimulationOutcome {
        _ = job.run()
        runCount += 1
        let outcome = job.outcome
        for (place, kind) in kinds.enumerated() {
            faults[place].add(outcome.fired[kind.rawValue])
        }
        // A staged job has branches that a batch job does not have.
        for (name, count) in job.branches {
            let known = branches.firstIndex { $0.name == name }
            if known == nil { branches.append(CampaignCount(name)) }
            branches[known ?? branches.count - 1].add(count)
        }
        if let failure = CampaignFailure(job, outcome) { failures.append(failure) }
        return outcome
    }
}
