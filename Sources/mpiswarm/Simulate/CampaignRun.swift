import CommandLine
import Simulation
import Vocabulary

/// `mpiswarm simulate --faults random`: a random few kinds of faults in each run, and random values
/// for the options that are not given.
struct CampaignRun {
    private let options: SimulateOptions
    private let clock: ProcessClock

    /// In this number of runs, every kind of fault and every rare branch should have occurred.
    private static let runsThatShowAll = 200

    init(_ options: SimulateOptions, clock: ProcessClock) {
        self.options = options
        self.clock = clock
    }

    func perform() throws(SuperPeerError) -> Int32 {
        let plan = try CampaignPlan(options)
        var campaign = Campaign(plan.shape)
        var rows: [CampaignReport.Row] = []
        var ofOneRun = ""
        let start = clock.now
        var progress = CampaignProgress(options.seeds.range, clock: clock)
        CampaignTrap.arm()
        for seed in options.seeds.range {
            progress.show(seed, failureCount: campaign.failures.count)
            CampaignTrap.announce(
                "mpiswarm: an invariant is broken; again: \(plan.replay(UInt64(seed)))\n")
            guard let job = campaign.job(UInt64(seed)) else {
                say("mpiswarm: a file of that size is no content\n", on: .error)
                return UsageError.exitStatus
            }
            let outcome = campaign.run(job)
            rows.append(CampaignReport.Row(seed: seed, outcome: outcome))
            if options.seeds.range.count == 1 { ofOneRun = CampaignRunReport(job, outcome).text }
        }
        progress.erase()
        let report = CampaignReport(
            plan: plan, campaign: campaign, rows: rows, took: clock.now - start)
        let isOne = options.seeds.range.count == 1
        let text = isOne ? ofOneRun + report.verdict : report.text
        say(options.json ? report.json : text, on: .output)
        let showedAll = rows.count < Self.runsThatShowAll || campaign.neverFired.isEmpty
        return campaign.failures.isEmpty && showedAll ? 0 : 1
    }
}
