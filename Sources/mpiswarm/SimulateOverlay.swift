import CommandLine
import Simulation
import Swarm
import Vocabulary

/// `mpiswarm simulate overlay`: how trackers find what others know, in virtual time.
struct SimulateOverlay {
    let options: SimulateOptions

    func perform() -> Int32 {
        var figures: [QueryFigures] = []
        let topologies = options.topology.map { [$0] } ?? SimulateOptions.Topology.allCases
        for topology in topologies {
            for seed in options.seeds.range {
                guard let row = figure(topology, UInt64(seed)) else {
                    say("mpiswarm: simulate: some answers never came\n", on: .error)
                    return 1
                }
                figures.append(row)
            }
        }
        if options.json {
            say("[\n  " + figures.map(\.json).joined(separator: ",\n  ") + "\n]\n", on: .output)
        } else {
            say(QueryFigures.heading + figures.map(\.row).joined(), on: .output)
        }
        return 0
    }

    private func figure(_ topology: SimulateOptions.Topology, _ seed: UInt64) -> QueryFigures? {
        let rules = OverlayRules(
            topology: Topology(topology, trackers: options.trackers),
            timeToLive: options.timeToLive)
        let job = SimulatedQueries(
            rules, questions: options.queries, clients: options.clients,
            latency: options.latency, seed: seed)
        guard let job, job.run() else { return nil }
        let answers = job.answers
        return QueryFigures(
            topology: topology.rawValue, trackers: options.trackers,
            timeToLive: rules.timeToLive, queries: job.traffic.queries, hits: job.traffic.hits,
            found: answers.reduce(0) { $0 + $1.found },
            existing: answers.reduce(0) { $0 + $1.existing }, times: answers.map(\.took))
    }
}
