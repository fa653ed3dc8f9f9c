import Node
import Swarm
import Testing
import Vocabulary
import Wire

/// Whole jobs whose tracker is lost: the lowest rank that lives keeps the account.
@Suite struct HeirTests {
    let content: FakeContent

    init() throws {
        content = try #require(FakeContent.bytes(8, total: 60_000, pieceLength: 1000))
    }

    private func rig(_ peers: Int, seed: UInt64 = 1) throws -> Rig {
        let shares =
            try [Share.make(owns: [("a", content)])]
            + (1..<peers).map { _ in try Share.make(wants: ["a"]) }
        return Rig(
            shares, contents: [content], seed: seed, serving: .cooperative, hasHeirs: true)
    }

    private func pieces(_ rig: Rig, of peer: Int) -> Int {
        Int(rig.peers[peer].download.machine.totals.pieces)
    }

    private func delivered(_ second: Rig.Second) -> [UInt32] {
        second.node.machine.accounts.map(\.report.totals.delivered)
    }

    /// The end of the lease is not awaited if the death is certain.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aReportedDeathIsFollowedAtOnce(seed: UInt64) throws {
        let rig = try rig(5, seed: seed)
        let isOver = rig.run(limit: .seconds(5)) { rig in
            guard !rig.isTrackerDead, pieces(rig, of: 2) > 15 else { return }
            rig.killTracker()
            rig.report(dead: .first)
        }
        #expect(isOver)
        #expect(rig.seconds.map(\.rank) == [Rank(1)])
        #expect(delivered(rig.seconds[0]) == [0, 1, 1, 1, 1])
        #expect(rig.peers.allSatisfy { !$0.download.machine.isAbandoned })
    }

    @Test func aSilentTrackerIsFollowedAfterItsLeases() throws {
        let rig = try rig(4)
        let isOver = rig.run(limit: .seconds(40)) { rig in
            if !rig.isTrackerDead, pieces(rig, of: 2) > 15 { rig.killTracker() }
        }
        #expect(isOver)
        #expect(rig.seconds.map(\.rank) == [Rank(1)])
        #expect(delivered(rig.seconds[0]) == [0, 1, 1, 1])
    }

    /// The deaths are reported one after the other: the account passes on twice, and is given once.
    @Test func theNextHeirFollowsTheFirst() throws {
        let rig = try rig(5)
        let isOver = rig.run(limit: .seconds(60)) { rig in
            if !rig.isTrackerDead, pieces(rig, of: 3) > 8 {
                rig.killTracker()
                rig.report(dead: .first)
            }
            if !rig.peers[1].isStopped, pieces(rig, of: 3) > 20 {
                rig.kill(rig.peers[1])
                rig.report(dead: Rank(2))
            }
            if !rig.peers[0].isStopped, pieces(rig, of: 3) > 28 {
                rig.kill(rig.peers[0])
                rig.report(dead: Rank(1))
            }
        }
        #expect(isOver)
        #expect(rig.seconds.map(\.rank) == [Rank(1), Rank(3)])
        let account = try #require(rig.seconds.last).node.machine.accounts
        #expect(account.map { $0.stage == .lost } == [true, true, false, false, false])
        // The owner is dead: pieces that only it had are lost, and no peer waits for them for ever.
        #expect(account[2...].allSatisfy { $0.stage == .closed })
    }

    /// When its tracker is lost, a rank may know only the name of the file that it wants.
    @Test func aJobThatHadNotBegunBegins() throws {
        let rig = try rig(3)
        rig.killTracker()
        rig.report(dead: .first)
        #expect(rig.run(limit: .seconds(5)))
        #expect(delivered(rig.seconds[0]) == [0, 1, 1])
    }

    /// A rank hears no other for longer than a lease, while the job waits for rank 4. Rank 1 would
    /// be the heir: it takes over, no rank joins it, and it stands down.
    @Test(arguments: [(1, 15), (1, 25), (2, 15), (2, 25), (3, 25)] as [(Int32, Int)])
    func aRankThatWasCutOffComesBackAndFinishes(number: Int32, seconds: Int) throws {
        let rank = Rank(number)
        let rig = try rig(4)
        rig.network.starved = Rank(4)
        var healsAt = Tick.never
        let isOver = rig.run(limit: .seconds(200)) { rig in
            if healsAt == .never, pieces(rig, of: 1) > 15 {
                rig.network.cutOff(rank)
                healsAt = rig.now + .seconds(seconds)
            }
            if rig.network.cut != nil, rig.now >= healsAt { rig.network.heal() }
        }
        #expect(isOver)
        #expect(rig.tracker.machine.peers.map(\.report.totals.delivered) == [0, 1, 1, 1])
        #expect(rig.tracker.machine.peers.allSatisfy { $0.stage == .closed })
        #expect(rig.warnings == [.lost(rank), .returned(rank)])
        #expect(rig.accounts.isEmpty)
    }
}
