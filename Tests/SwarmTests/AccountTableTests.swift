import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The accounts of peers of other groups, without a tracker around them.
@Suite struct AccountTableTests {
    private static let rules = TrackerRules(firstPeer: Rank(2), peerCount: 3)
    private var accounts = AccountTable(AccountTableTests.rules)
    private var effects = Effects<TrackerEffect>()

    private mutating func change(
        _ news: PeerNews, of peer: Int32, by tracker: Int32, isDead: Bool = false
    ) throws -> [TrackerEffect] {
        defer { effects.removeAll() }
        try accounts.changed(
            Rank(peer), news, by: Rank(tracker), isDead: isDead, &effects)
        return effects.list
    }

    @Test func aRankThatIsNoPeerHasNoAccount() {
        #expect(accounts.place(of: Rank(4)) == 2)
        #expect(accounts.place(of: Rank(1)) == nil)
        #expect(accounts.place(of: Rank(5)) == nil)
        #expect(throws: WireError.malformed) {
            var table = accounts
            try table.note(Rank(0), for: Rank(5))
        }
    }

    @Test mutating func aLossIsNewsOnce() throws {
        #expect(try change(.lost, of: 3, by: 1) == [.order(.warn(.lost(Rank(3))))])
        #expect(try change(.lost, of: 3, by: 1) == [])
        #expect(try change(.returned, of: 3, by: 1) == [.order(.warn(.returned(Rank(3))))])
        #expect(try change(.lost, of: 3, by: 1, isDead: true) == [.order(.warn(.died(Rank(3))))])
    }

    @Test mutating func aPeerThatMovedIsNotLostToItsFirstTracker() throws {
        try accounts.note(Rank(0), for: Rank(3))
        try accounts.note(Rank(1), for: Rank(3))
        #expect(try change(.lost, of: 3, by: 0) == [])
        #expect(accounts.rows[1].stage == .absent)
        #expect(try change(.lost, of: 3, by: 1) == [.order(.warn(.lost(Rank(3))))])
    }

    @Test mutating func aPeerThatHasLeftIsNotLost() throws {
        #expect(try change(.left, of: 3, by: 1) == [])
        #expect(try change(.lost, of: 3, by: 1) == [])
        #expect(accounts.rows[1].stage == .closed)
        #expect(try change(.vanished, of: 3, by: 1) == [])
        #expect(accounts.rows[1].stage == .lost)
    }

    @Test mutating func badInputCountsWhileItMayEndTheJob() throws {
        let isLate = try accounts.prepared(
            Rank(2), .badInput, "late", by: Rank(1), mayRefuse: false)
        #expect(!isLate)
        #expect(accounts.rows[0].refusal == "")
        let isBad = try accounts.prepared(
            Rank(2), .badInput, "bad", by: Rank(1), mayRefuse: true)
        #expect(isBad)
        #expect(accounts.rows[0].refusal == "bad")
        let isFull = try accounts.prepared(
            Rank(3), .notReady, "full", by: Rank(1), mayRefuse: true)
        #expect(!isFull)
        #expect(accounts.rows[1].trouble == "full")
    }

    @Test func thisGroupKnowsItsOwnPeersBest() throws {
        var rules = Self.rules
        rules.group = [Rank(2)]
        var members = Membership(rules, now: .zero)
        members.move(0, to: .joined)
        #expect(accounts.merged(with: members).map(\.stage) == [.joined, .absent, .absent])
        members.stage = .over
        #expect(accounts.merged(with: members).map(\.stage) == [.joined, .lost, .lost])
    }
}
