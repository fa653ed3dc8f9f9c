import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The peers of a group, without a tracker around them.
@Suite struct MembershipTests {
    private static func rules(
        _ peers: Int = 3, change: (inout TrackerRules) -> Void = { _ in }
    ) -> TrackerRules {
        var rules = TrackerRules(firstPeer: Rank(1), peerCount: peers)
        change(&rules)
        return rules
    }

    @Test func aPeerIsFoundByItsRank() {
        let members = Membership(Self.rules { $0.group = [Rank(3), Rank(1)] }, now: .zero)
        #expect(members.place(of: Rank(3)) == 0)
        #expect(members.place(of: Rank(1)) == 1)
        #expect(members.place(of: Rank(2)) == nil, "it is in another group")
        #expect(members.place(of: Rank(0)) == nil, "it is no peer")
        #expect(members.place(of: Rank(4)) == nil)
        #expect(members.lowestElsewhere == Rank(2))
        members.checkInvariants()
    }

    @Test func anAdoptedPeerHasARow() {
        var members = Membership(Self.rules { $0.group = [Rank(1)] }, now: .zero)
        #expect(members.adopt(Rank(3), now: .zero) == 1)
        #expect(members.place(of: Rank(3)) == 1)
        #expect(members.count(.absent) == 2)
        members.checkInvariants()
    }

    @Test func theCountsFollowTheStages() {
        var members = Membership(Self.rules(), now: .zero)
        members.move(0, to: .listed)
        members.move(1, to: .lost)
        #expect(members.count(.listed) == 1)
        #expect(members.count(.absent, .lost) == 2)
        #expect(members.livingCount == 2)
        #expect(!members.areAllListed)
        members.move(2, to: .refused)
        #expect(members.areAllListed)
        members.checkInvariants()
    }

    @Test func aLeaseEndsUnlessItIsRenewed() {
        let rules = Self.rules()
        var members = Membership(rules, now: .zero)
        let half = Tick.zero + rules.lease / 2
        #expect(members.renewLease(of: 1, now: half) == false)
        #expect(members.silent(now: half) == [])
        #expect(members.silent(now: .zero + rules.lease) == [0, 2])
        members.excuse(rules.lease)
        #expect(members.silent(now: .zero + rules.lease) == [], "the tracker itself stood still")
    }

    /// Its entries were deleted with its lease, so its list counts for nothing.
    @Test func aPeerThatIsBackStartsWithAnEmptyListing() throws {
        var members = Membership(Self.rules(), now: .zero)
        #expect(try members.note(.wanted(RelativePath("a")), of: 0) == true)
        members[0].listing.isComplete = true
        members.looked(0)
        members.move(0, to: .lost)
        #expect(members.renewLease(of: 0, now: .zero) == true)
        #expect(members[0].stage == .absent)
        #expect(members[0].wanted == 0)
        #expect(!members[0].listing.isComplete)
        #expect(!members[0].listing.hasLooked)
        members.checkInvariants()
    }

    @Test func aPeerThatHasLeftKeepsItsPlaceWhileItRepeatsThat() {
        let rules = Self.rules()
        var members = Membership(rules, now: .zero)
        members.move(0, to: .closed)
        #expect(members.vanished(now: .zero) == [])
        #expect(members.vanished(now: .zero + rules.lease) == [0])
    }

    @Test func aDeathIsNewsOnce() {
        var members = Membership(Self.rules(), now: .zero)
        #expect(members.noteDeath(of: Rank(2)) == true)
        #expect(members.noteDeath(of: Rank(2)) == false)
        #expect(members.dead == [Rank(2)])
    }

    @Test func aChangeIsTakenOnce() {
        var members = Membership(Self.rules(), now: .zero)
        #expect(members.takeChange() == false)
        members.move(0, to: .listing)
        #expect(members.takeChange() == true)
        #expect(members.takeChange() == false)
    }

    @Test func wantersAreKeptForOtherGroupsOnly() throws {
        let name = try RelativePath("a")
        var alone = Membership(Self.rules(), now: .zero)
        #expect(alone.note(.wanted(name), of: 0) == true)
        #expect(alone.wanters(of: name) == [])
        var one = Membership(
            Self.rules { $0.overlay = OverlayRules(topology: .full(2)) }, now: .zero)
        for index in [2, 0, 2] { #expect(one.note(.wanted(name), of: index) == true) }
        #expect(one.wanters(of: name) == [Rank(3), Rank(1)])
        one.move(2, to: .lost)
        #expect(one.wanters(of: name) == [Rank(1)])
    }

    @Test func thePhaseOfAGroupFollowsTheStageOfTheJob() {
        var members = Membership(Self.rules(1), now: .zero)
        #expect(members.phase == .working)
        members.move(0, to: .listed)
        #expect(members.phase == .ready)
        members.stage = .running
        #expect(members.phase == .working)
        members.move(0, to: .finished)
        #expect(members.phase == .done)
        members.stage = .closing
        #expect(members.phase == .working)
        members.move(0, to: .closed)
        #expect(members.phase == .closed)
    }
}
