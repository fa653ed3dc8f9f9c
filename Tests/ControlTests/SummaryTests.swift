import Control
import Swarm
import Testing
import Vocabulary
import Wire

@Suite struct SummaryTests {
    @Test(arguments: [
        (Int64(0), "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
        (10 << 20, "10.0 MiB"), (3 << 30, "3.0 GiB"), (5 << 40, "5.0 TiB"),
    ])
    func sizesAreSaidInTheUnitThatAPersonWouldUse(size: Int64, words: String) {
        #expect(ByteCount(size).words == words)
    }

    @Test func nothingWantedIsComplete() {
        let summary = Summary(of: [], took: .milliseconds(1234))
        #expect(summary.isComplete)
        #expect(summary.line == "0 of 0 files delivered, 0 pieces, 1.23 s")
        #expect(summary.failures.isEmpty)
    }

    @Test func aRankThatWasLostBeforeItsListWasInMayHaveWantedSomething() {
        var effects = Effects<TrackerEffect>()
        var tracker = Tracker(
            rules: TrackerRules(firstPeer: Rank(1), peerCount: 1), now: .zero, effects: &effects)
        tracker.timeout(now: .zero + .seconds(10), effects: &effects)
        let summary = Summary(of: tracker.peers, took: .zero)
        #expect(!summary.isComplete)
        #expect(summary.failures == ["rank 1 was lost before it had everything"])
    }
}
