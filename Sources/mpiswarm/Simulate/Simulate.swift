import CommandLine
import Glibc
import Launch
import Simulation
import Swarm
import Vocabulary

/// `mpiswarm simulate`: the swarm's own code in virtual time, once for each seed.
struct Simulate {
    private let options: SimulateOptions
    private let clock = ProcessClock()

    init(_ options: SimulateOptions) { self.options = options }

    func perform() -> Int32 {
        guard options.subject == nil else { return SimulateOverlay(options: options).perform() }
        do throws(SuperPeerError) {
            guard options.faults == .none else {
                return try CampaignRun(options, clock: clock).perform()
            }
            return perform(try SimulationPlan(options))
        } catch {
            say("mpiswarm: simulate: \(error.sentence)\n", on: .error)
            return UsageError.exitStatus
        }
    }

    private func perform(_ plan: SimulationPlan) -> Int32 {
        var runs: [SimulationRun] = []
        for seed in options.seeds.range {
            var simulation = plan.options
            simulation.seed = UInt64(seed)
            let isDrawn = options.report != nil && seed == options.seeds.range.lowerBound
            simulation.keepsTimeline = isDrawn
            guard let job = SimulatedJob(simulation) else {
                say("mpiswarm: a file of that size is no content\n", on: .error)
                return UsageError.exitStatus
            }
            let start = clock.now
            let progress = SimulationProgress(of: job, seed: seed, clock: clock)
            run(job, progress)
            progress.erase()
            let result = SimulationRun(
                seed: seed, outcome: job.outcome, took: clock.now - start,
                memoryMax: memoryMax())
            runs.append(result)
            guard isDrawn else { continue }
            let outputs = SimulationOutputs(options: options)
            guard write(outputs.page(of: job, result, plan), to: options.report) else { return 1 }
        }
        let report = SimulationReport(plan: plan, runs: runs, isVerbose: options.verbose)
        say(options.json ? report.json : report.text, on: .output)
        return runs.allSatisfy(\.outcome.isComplete) ? 0 : 1
    }

    /// In slices of virtual time, so that the progress line moves.
    private func run(_ job: SimulatedJob, _ progress: SimulationProgress) {
        let end = Tick.zero + job.options.limit
        let slice = max(job.outcome.bound.all / 1000, .milliseconds(1))
        while !job.run(until: min(job.network.now + slice, end)), job.network.now < end {
            progress.show()
        }
    }
}

/// One run, and the real time that it took.
struct SimulationRun {
    let seed: Int
    let outcome: SimulationOutcome
    let took: Duration
    /// The most memory that this process held since it began.
    let memoryMax: ByteCount
}

private func memoryMax() -> ByteCount {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return ByteCount(Int64(usage.ru_maxrss) * 1024)
}
