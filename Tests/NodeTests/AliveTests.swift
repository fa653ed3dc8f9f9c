import Node
import Swarm
import Testing
import Vocabulary
import Wire

/// A peer that needs a long time before it joins.
@Suite struct AliveTests {
    @Test func aPeerThatIsNotReadyProvesThatItLives() throws {
        let network = Loopback(rankCount: 2)
        let peer = Rank(1)
        let rules = TrackerRules(firstPeer: peer, peerCount: 1)
        var tracker = TrackerNode(
            rules: rules, network: network.endpoint(of: .first, reading: [.tracker, .overlay]),
            now: .zero)
        var node = AliveNode(
            tracker: .first, interval: .seconds(2),
            network: network.endpoint(of: peer, reading: [.download]), now: .zero)
        for second in 0...60 {
            let now = Tick.zero + .seconds(second)
            node.step(now: now)
            while tracker.step(now: now) {}
            let warnings = tracker.takeWarnings()
            #expect(warnings.isEmpty)
        }
        // Its incoming messages are taken, and dropped.
        node.step(now: Tick.zero + .seconds(61))
        #expect(network.letters[Loopback.box(peer, .download)]?.isEmpty != false)
        // From here on the peer is silent, so it counts as lost.
        for second in 61...80 {
            while tracker.step(now: Tick.zero + .seconds(second)) {}
        }
        let warnings = tracker.takeWarnings()
        #expect(warnings == [.lost(peer)])
    }

    /// Messages of the time when it stood still may arrive one after the other.
    @Test func aTrackerThatStoodStillTakesNobodyForLost() throws {
        let network = Loopback(rankCount: 2)
        let rules = TrackerRules(firstPeer: Rank(1), peerCount: 1)
        var tracker = TrackerNode(
            rules: rules, network: network.endpoint(of: .first, reading: [.tracker, .overlay]),
            now: .zero)
        for second in [0, 1, 40, 44, 48] {
            while tracker.step(now: Tick.zero + .seconds(second)) {}
        }
        let early = tracker.takeWarnings()
        #expect(early.isEmpty)
        for second in 49...54 {
            while tracker.step(now: Tick.zero + .seconds(second)) {}
        }
        let warnings = tracker.takeWarnings()
        #expect(warnings == [.lost(Rank(1))])
    }

    @Test func aPeerThatIsReadySoonSendsNothing() {
        let network = Loopback(rankCount: 2)
        var node = AliveNode(
            tracker: .first, interval: .seconds(2),
            network: network.endpoint(of: Rank(1), reading: [.download]), now: .zero)
        node.step(now: Tick.zero + .milliseconds(1999))
        #expect(network.messageCount == 0)
        node.step(now: Tick.zero + .seconds(2))
        node.step(now: Tick.zero + .seconds(2))
        #expect(network.messageCount == 1)
    }
}
