import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Peers 2 and 3 share a disk. Peer 3 is in the group of the second tracker, which is not the root.
@Suite struct RoomSharingTests {
    private static let content = ContentID(high: 1, low: 1)
    private static let fits = RoomNeed(
        needed: ByteCount(30), available: ByteCount(50), device: 1)

    /// One tracker's peers, their room, and what it knows of the other tracker.
    private struct Place {
        var members: Membership
        var rooms: RoomSharing
        var groups: Groups
        private var effects = Effects<TrackerEffect>()

        init(of tracker: Int32) {
            var rules = TrackerRules(firstPeer: Rank(2), peerCount: 2)
            rules.rank = Rank(tracker)
            rules.group = [Rank(2 + tracker)]
            rules.overlay = OverlayRules(topology: .full(2))
            rules.roomGroups = [[Rank(2), Rank(3)]]
            rules.roomContentCount = 1
            members = Membership(rules, now: .zero)
            rooms = RoomSharing(rules)
            groups = Groups(rules: rules, now: .zero)
        }

        mutating func measure(_ need: RoomNeed) {
            rooms.measured(0, RoomSharingTests.content, need, &members, groups, &effects)
            rooms.checkInvariants()
        }

        /// The second tracker forwards what its peer needs.
        mutating func hear(_ need: RoomNeed, of rank: Int32 = 3) throws {
            try groups.accounts.note(Rank(1), for: Rank(rank))
            rooms.measuredElsewhere(
                Rank(rank), RoomSharingTests.content, need, members, groups, &effects)
            rooms.checkInvariants()
        }

        mutating func lose() {
            rooms.turned(members[0].rank, isGone: true, members, groups, &effects)
        }

        mutating func loseElsewhere(_ rank: Rank) {
            rooms.turnedElsewhere(rank, isGone: true, members, groups, &effects)
        }

        /// The first tracker is lost, so that this one is the root.
        mutating func takeOver() {
            groups.setLost(Rank(0), now: .zero)
            rooms.review(members, groups, &effects)
        }

        mutating func drain() -> [Message] {
            defer { effects.removeAll() }
            return effects.list.compactMap { effect in
                if case .send(let message, _, _) = effect { message } else { nil }
            }
        }
    }

    @Test func theRootGrantsRoomToPeersOfAllGroups() throws {
        var root = Place(of: 0)
        root.measure(Self.fits)
        #expect(root.drain() == [], "peer 3 has not measured")
        try root.hear(Self.fits)
        #expect(
            root.drain() == [
                .download(.room(Self.content, taken: .zero, isGranted: true)),
                .overlay(.group(.room(of: Rank(3), Self.content, isGranted: false))),
            ])
    }

    /// It takes no answer from the tracker that it has left.
    @Test func aPeerThatLeftTheRootsGroupIsAnsweredThroughItsTracker() throws {
        var root = Place(of: 0)
        try root.hear(Self.fits)
        try root.hear(Self.fits, of: 2)
        #expect(
            root.drain() == [
                .overlay(.group(.room(of: Rank(2), Self.content, isGranted: true))),
                .overlay(.group(.room(of: Rank(3), Self.content, isGranted: false))),
            ])
    }

    @Test func anotherTrackerForwardsWhatItsPeersNeed() {
        var other = Place(of: 1)
        other.measure(Self.fits)
        #expect(other.drain() == [.overlay(.group(.measured(of: Rank(3), Self.content)))])
        #expect(other.members[0].needs.map(\.need) == [Self.fits], "a later root may need it")
        other.lose()
        #expect(other.drain() == [.overlay(.group(.awaits(of: Rank(3), isGone: true)))])
    }

    @Test func aNewRootBeginsWithTheNeedsOfItsOwnPeers() {
        var other = Place(of: 1)
        other.measure(Self.fits)
        _ = other.drain()
        other.takeOver()
        #expect(other.groups.isRoot)
        #expect(other.drain() == [], "peer 2 may still turn up")
        other.loseElsewhere(Rank(2))
        #expect(
            other.drain() == [.download(.room(Self.content, taken: .zero, isGranted: true))])
    }
}
