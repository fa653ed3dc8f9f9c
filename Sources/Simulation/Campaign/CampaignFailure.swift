package import Vocabulary

/// What went wrong in one run of a campaign.
package struct CampaignFailure: Sendable {
    package let seed: UInt64
    /// Who should have finished and had not by the end.
    package let missing: [Rank]
    package let end: Tick
    /// Its sources were killed: giving up would have been enough.
    package let isOrphaned: Bool
    package let violations: [SafetyViolation]

    /// Nil where all is well.
    package init?(_ job: SimulatedJob, _ outcome: SimulationOutcome) {
        seed = job.options.seed
        missing = outcome.missing
        end = outcome.end
        isOrphaned = job.plan.isOrphaned
        violations = job.violations
        if outcome.isComplete && violations.isEmpty { return nil }
    }
}
