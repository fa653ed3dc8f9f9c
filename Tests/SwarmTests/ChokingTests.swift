import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The rules of a choking swarm, apart from the choice of neighbours.
struct ChokingTests {
    private static let all = "########"

    private static func rules(_ rules: inout DownloaderRules) {
        rules.requestsPerSourceMax = 1
        rules.hasEndgame = false
        rules.believesSeeds = false
        rules.tellsHappenings = true
    }

    private func happenings(_ client: inout Client) -> [Happening] {
        client.step()
        return client.drain().compactMap {
            if case .happened(let happening) = $0 { happening } else { nil }
        }
    }

    @Test func aSourceHasOneRequestAtATime() throws {
        var client = try Client.fetching(8, [1: Self.all, 2: Self.all], rules: Self.rules)
        for _ in 0..<4 {
            let asked = client.asks()
            #expect(asked.map(\.to).sorted() == [1, 2])
            #expect(client.asks() == [])
            for one in asked { try client.deliver(one) }
        }
        #expect(client.transfer.have.isFull)
    }

    @Test func aSeedNamedByTheTrackerMustReportItsPieces() throws {
        var client = try Client(8, rules: Self.rules)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 3))
        try client.swarm(seeds: [1], peers: [2])
        client.open()
        try client.hear(.unchoke(offers: false), from: 1)
        #expect(client.asks() == [])
        try client.bitfield("..#.....", from: 1)
        #expect(client.asks().map(\.piece) == [2])
    }

    @Test func eventsAreReportedInOrder() throws {
        var client = try Client(2, rules: Self.rules)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 3))
        try client.swarm(seeds: [1], peers: [2])
        client.open()
        #expect(
            happenings(&client) == [.began(Client.content, held: 0), .met(Rank(1)), .met(Rank(2))])
        try client.bitfield("##", stance: .choked, from: 1)
        try client.bitfield("..", stance: .choked, from: 2)
        #expect(happenings(&client) == [])
        try client.hear(.unchoke(offers: false), from: 1)
        try client.hear(.unchoke(offers: false), from: 1)
        let asked = try #require(client.asks().first)
        try client.deliver(asked)
        let stored = Happening.stored(
            PieceIndex(asked.piece), of: Client.content, from: Rank(1), count: 1)
        #expect(happenings(&client) == [stored])
        try client.hear(.choke, from: 1)
        try client.hear(.choke, from: 1)
        #expect(happenings(&client) == [.choked(by: Rank(1))])
        client.stored(.finished(Client.content, WantNumber(0)))
        #expect(happenings(&client) == [.completed(Client.content)])
    }

    /// Without that no rank would learn of a peer that asks for nothing.
    @Test func anOwnerIntroducesItself() throws {
        var client = try Client(8, want: "other", owns: "a") {
            Self.rules(&$0)
            $0.greets = [Rank(1), Rank(2), Client.rank]
        }
        try client.hear(.fileListRequest)
        _ = client.drain()
        try client.hear(.joinAck(peers: 3))
        let greeted = client.drain().compactMap { effect -> Rank? in
            if case .send(.upload(.piecesQuery), _, let rank) = effect { rank } else { nil }
        }
        #expect(greeted == [Rank(1), Rank(2)])
    }

    @Test func anUploaderReportsTheNeighboursItChose() throws {
        var fixture = UploaderFixture(8) {
            $0.serving = .titForTat
            $0.preferredMax = 1
            $0.tellsHappenings = true
        }
        fixture.step()
        for rank in Int32(1)...3 { try fixture.meet(rank) }
        fixture.step()
        let told = fixture.drain().compactMap { act -> Happening? in
            if case .happened(let happening) = act { happening } else { nil }
        }
        let interested = told.count { if case .interested = $0 { true } else { false } }
        #expect(interested == 3)
        let preferred = told.compactMap {
            if case .preferred(let ranks) = $0 { ranks } else { nil }
        }
        let inTurn = told.compactMap { if case .optimistic(let rank) = $0 { rank } else { nil } }
        #expect(preferred.count == 1 && preferred[0].count == 1)
        #expect(inTurn.count == 1 && !preferred[0].contains(inTurn[0]))
        fixture.pass(.milliseconds(1))
        #expect(!fixture.drain().contains { if case .happened = $0 { true } else { false } })
    }

    @Test func disagreeingOwnersEndAJobThatDemandsAgreement() throws {
        var group = Group(3) { $0.kind = .batch(ownersMustAgree: true) }
        try group.list([Group.owned("a", ContentID(high: 1, low: 3))], from: 3)
        try group.list([Group.owned("a", ContentID(high: 1, low: 2))], from: 2)
        _ = group.drain()
        try group.list([Group.wanted("a")], from: 1)
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
        #expect(group.tracker.disagreement?.owners == [Rank(2), Rank(3)])
    }
}
