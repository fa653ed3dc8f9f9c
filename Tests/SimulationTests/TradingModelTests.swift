import Simulation
import Swarm
import Testing
import Vocabulary

/// Trading as it is, and with each of the rules by which the models of others differ.
@Suite struct TradingModelTests {
    private func outcome(
        peers: Int = 12, _ change: (inout SimulationOptions) -> Void = { _ in }
    ) throws -> SimulationOutcome {
        var options = SimulationOptions()
        options.peers = peers
        options.pieces = 10
        options.peerUp = 512_000
        options.peerDown = 1_920_000
        options.sourceUp = 256_000
        options.sourceDown = 1_920_000
        options.serving = .titForTat
        options.unchokingInterval = .seconds(1)
        options.hasEndgame = false
        options.joinRate = 100
        options.leavesWhenDone = true
        options.degree = 14
        change(&options)
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.outcome.isComplete)
        #expect(job.outcome.falseServings == 0)
        return job.outcome
    }

    private static let changes: [@Sendable (inout SimulationOptions) -> Void] = [
        { $0.requestsPerSourceMax = 1 },
        { $0.hasOptimistic = false },
        { $0.fillsFreePlaces = false },
        { $0.sourceHandover = .overlaps },
        { $0.sourceHandover = .keeps },
        { $0.stay = .seconds(3) },
        {
            $0.requestsPerSourceMax = 1
            $0.fillsFreePlaces = false
            $0.sourceHandover = .keeps
            $0.offersWhatItOwns = true
            $0.stay = .seconds(3)
        },
    ]

    /// A rule that changed nothing would be none.
    @Test func everyRuleChangesWhatHappensAndAllGetEverything() throws {
        var fingerprints: Set<UInt64> = [try outcome().fingerprint]
        for change in Self.changes { fingerprints.insert(try outcome(change).fingerprint) }
        #expect(fingerprints.count == Self.changes.count + 1)
    }

    /// Beyond the mesh.
    @Test func neighboursAtRandomAreOthers() throws {
        let regular = try outcome(peers: 70) { $0.pieces = 3 }
        let random = try outcome(peers: 70) {
            $0.pieces = 3
            $0.neighbours = .random
        }
        #expect(random.fingerprint != regular.fingerprint)
    }
}
