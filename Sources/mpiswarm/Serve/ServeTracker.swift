import CommandLine
import Launch
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// A tracker of `serve`: it tracks until a user ends the job. Rank 0 prints which ranks are lost
/// and which are back; when it is lost itself, the next tracker does so.
struct ServeTracker {
    let options: ServeOptions
    private let superPeers: SuperPeers
    let job: String
    private let ending: JobEnding
    private let deaths: DeathWatch
    private let clock = ProcessClock()

    /// Much shorter than the sleep of an idle peer, since each request goes through a tracker.
    private static let idleRest = Duration.milliseconds(10)

    init(
        options: ServeOptions, superPeers: SuperPeers, job: String, _ ending: JobEnding,
        _ deaths: DeathWatch
    ) {
        self.options = options
        self.superPeers = superPeers
        self.job = job
        self.ending = ending
        self.deaths = deaths
    }

    func track(_ world: borrowing MPIWorld) -> Int32 {
        let rules: TrackerRules
        do throws(SuperPeerError) {
            rules = try self.rules(of: world.rank)
        } catch {
            // A rank that fails ends the others too.
            if world.rank == .first { say("mpiswarm: serve: \(error.sentence)\n", on: .error) }
            return UsageError.exitStatus
        }
        if world.rank == .first, let warning = superPeers.warning(rules) {
            say("mpiswarm: \(warning)\n", on: .error)
        }
        let network = MPIEndpoint(
            world, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        let node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceDirectory, world.rank),
            now: clock.now)
        let reporter = ServeReporter(
            job: job, rank: world.rank,
            peers: superPeers.grouping.firstPeer.raw...Int32(world.rankCount - 1))
        return TrackerLoop(ending: ending, deaths: deaths, clock: clock, idling: Self.idleRest)
            .run(node, reporter) ?? 0
    }

    private func rules(of tracker: Rank) throws(SuperPeerError) -> TrackerRules {
        var rules = try superPeers.rules(of: tracker)
        rules.kind = .standing
        rules.lease = options.lease
        // A rank may list as many files.
        rules.overlay.catalogEntriesMax = rules.entriesPerPeerMax
        rules.overlay.hitsMax = rules.entriesPerPeerMax / 128
        return rules
    }
}
