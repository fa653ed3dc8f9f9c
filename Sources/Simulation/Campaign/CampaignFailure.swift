package import Vocabulary

/// The failure of one run of a campaign.
package struct CampaignFailure: Sendable {
    package let seed: UInt64
    /// Ranks that should have finished and had not by the end.
    package let missing: [Rank]
    package let end: Tick
    /// The content could no longer be obtained, so that giving up would have been enough.
    package let isOrphaned: Bool
    package let violations: [SafetyViolation]

    /// Nil where the run succeeded.
    package init?(_ job: SimulatedJob, _ outcome: SimulationOutcome) {
        seed = job.options.seed
        missing = outcome.missing
        end = outcome.end
        isOrphaned = job.plan.isOrphaned
        violations = job.violations
        if outcome.isComplete && violations.isEmpty { return nil }
    }
}
