import Simulation
import Swarm
import Testing
import Vocabulary

/// Swarms that trade tit for tat.
@Suite struct TradingModelTests {
    private func outcome(
        _ change: (inout SimulationOptions) -> Void = { _ in }
    ) throws -> SimulationOutcome {
        var options = SimulationOptions()
        options.peers = 12
        options.pieces = 10
        options.peerUp = 512_000
        options.peerDown = 1_920_000
        options.sourceUp = 256_000
        options.sourceDown = 1_920_000
        options.serving = .titForTat
        options.unchokingInterval = .seconds(1)
        options.hasEndgame = false
        options.degree = 14
        change(&options)
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.outcome.isComplete)
        #expect(job.outcome.falseServings == 0)
        return job.outcome
    }

    @Test func aSourceThatMakesOffersChangesTheJobAndAllFinish() throws {
        let plain = try outcome()
        let smart = try outcome { $0.offersWhatItOwns = true }
        #expect(plain.fingerprint != smart.fingerprint)
    }

    /// A swarm that is too large for a full mesh.
    @Test func allFinishWithTheNeighboursOfALargeSwarm() throws {
        let large = try outcome {
            $0.peers = 70
            $0.pieces = 3
        }
        #expect(large.isComplete)
    }
}
