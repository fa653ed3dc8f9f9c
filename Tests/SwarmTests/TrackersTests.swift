import Testing
import Vocabulary
import Wire

@testable import Swarm

/// What one tracker knows of the others: the second of three.
@Suite struct TrackersTests {
    private static let rules: TrackerRules = {
        var rules = TrackerRules(firstPeer: Rank(3), peerCount: 6)
        rules.rank = Rank(1)
        rules.overlay = OverlayRules(topology: .full(3))
        return rules
    }()
    private static let lease = rules.lease

    private var trackers = Trackers(TrackersTests.rules, now: .zero)

    private mutating func learnLost(_ ranks: [Int32], now: Tick) throws {
        var tail: [UInt8] = []
        for rank in ranks { tail.write(Rank(rank)) }
        try unsafe trackers.learnLost(tail.span.bytes, UInt32(ranks.count), now: now)
    }

    /// The other trackers to which queries go.
    private var asked: [Rank] { trackers.overlay.neighbours() }

    @Test mutating func aSilentRootIsAskedNothing() {
        #expect(trackers.groups.root == Rank(0))
        #expect(asked == [Rank(0), Rank(2)])
        #expect(trackers.expire(now: .zero + Self.lease) == [Rank(0)])
        #expect(trackers.groups.isRoot)
        #expect(asked == [Rank(2)])
    }

    @Test mutating func aTrackerThatIsHeardAgainIsAskedAgain() {
        _ = trackers.expire(now: .zero + Self.lease)
        #expect(trackers.heard(from: Rank(0), now: .zero + Self.lease) == true)
        #expect(trackers.heard(from: Rank(0), now: .zero + Self.lease) == false, "it is no news")
        #expect(trackers.groups.root == Rank(0))
        #expect(asked == [Rank(0), Rank(2)])
    }

    @Test mutating func aDeathIsNewsOnceAndOnlyOfATracker() {
        #expect(trackers.died(Rank(2), now: .zero) == true)
        #expect(trackers.died(Rank(2), now: .zero) == false)
        #expect(trackers.died(Rank(5), now: .zero) == false, "it is a peer")
        #expect(asked == [Rank(0)])
    }

    @Test mutating func theListOfTheRootCounts() throws {
        try learnLost([2], now: .zero)
        #expect(asked == [Rank(0)])
        #expect(trackers.groups.lost == [Rank(2)])
        try learnLost([], now: .zero)
        #expect(asked == [Rank(0), Rank(2)])
        #expect(trackers.groups.lost == [])
        #expect(throws: WireError.malformed) {
            var copy = trackers
            try unsafe copy.learnLost([UInt8](repeating: 0, count: 3).span.bytes, 1, now: .zero)
        }
    }

    @Test mutating func theSilenceOfAStoppedTrackerProvesNothing() {
        trackers.excuse(Self.lease)
        #expect(trackers.expire(now: .zero + Self.lease) == [])
    }
}
