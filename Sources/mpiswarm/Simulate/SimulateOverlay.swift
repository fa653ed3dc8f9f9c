import CommandLine
import Simulation
import Swarm
import Vocabulary

/// `mpiswarm simulate overlay`: queries between trackers, in virtual time.
struct SimulateOverlay {
    let options: SimulateOptions

    func perform() -> Int32 {
        var figures: [QueryFigures] = []
        for name in options.topology.map({ [$0] }) ?? Topology.names {
            let topology: Topology
            do throws(SuperPeerError) {
                topology = try Topology(named: name, trackers: options.trackers)
            } catch {
                say("mpiswarm: simulate: \(error.sentence)\n", on: .error)
                return UsageError.exitStatus
            }
            for seed in options.seeds.range {
                guard let row = figure(name, topology, UInt64(seed)) else {
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

    private func figure(
        _ name: String, _ topology: Topology, _ seed: UInt64
    ) -> QueryFigures? {
        let rules = OverlayRules(topology: topology, timeToLive: options.timeToLive)
        let job = SimulatedQueries(
            rules, questions: options.queries, clients: options.clients,
            latency: options.latency, seed: seed)
        guard let job, job.run() else { return nil }
        let answers = job.answers
        return QueryFigures(
            topology: name, trackers: options.trackers,
            timeToLive: rules.timeToLive, queries: job.traffic.queries, hits: job.traffic.hits,
            found: answers.reduce(0) { $0 + $1.found },
            existing: answers.reduce(0) { $0 + $1.existing }, times: answers.map(\.took))
    }
}
