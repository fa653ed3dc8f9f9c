import CommandLine
import Control
import Simulation
import Swarm
import Vocabulary

/// The page that `simulate --report` writes about its first run.
struct SimulationOutputs {
    let options: SimulateOptions

    func page(of job: SimulatedJob, _ run: SimulationRun, _ plan: SimulationPlan) -> ReportPage {
        let names = names(of: job)
        return ReportPage(
            title: "mpiswarm simulate: " + SimulationReport.content(plan.options),
            line: line(run.outcome),
            failures: run.outcome.missing.map { "\(names[$0]) is not complete" },
            peers: job.accounts, names: names, origin: .current,
            uploadCapacity: job.uploadCapacity)
    }

    private func line(_ outcome: SimulationOutcome) -> String {
        let count = "\(outcome.finishedCount) of \(outcome.finishedAt.count) peers are complete"
        guard outcome.finishedCount > 0 else { return "Simulated: \(count)" }
        return "Simulated: \(count), the last after "
            + "\(fixed(outcome.quantile(1).inSeconds, 2)) s, "
            + "\(fixed(outcome.lastOverBound, 3)) times the least possible time"
    }

    private func names(of job: SimulatedJob) -> RankNames {
        let first = job.options.trackers
        var names: [Rank: String] = [:]
        for number in 0..<job.options.sources where job.options.kind == .batch() {
            names[Rank(Int32(first + number))] = "source \(number + 1)"
        }
        for number in 0..<job.options.peers where job.options.kind == .batch() {
            names[Rank(Int32(first + job.options.sources + number))] = "peer \(number + 1)"
        }
        return RankNames(names)
    }
}
