import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A source lost a piece that it had, and no other has it: a certain loss is reported at once.
struct DownloaderBereavedTests {
    /// Rank 1 had both pieces, and cannot read the second one.
    private static func bereaved() throws -> Client {
        var client = try Client.fetching(2, [1: "##", 2: ".."])
        for asked in client.asks() {
            if asked.piece == 0 {
                try client.deliver(asked)
            } else {
                try client.nack(asked, .unreadable)
            }
        }
        client.step()
        return client
    }

    private static func stall(_ client: Client, missing: UInt32 = 1) -> DownloaderEffect {
        Client.told(
            .stalled(
                Client.content, missing: missing, fingerprint: client.transfer.missingFingerprint,
                isCertain: true))
    }

    @Test func aBereavedRankAsksForOtherMembersAndReportsACertainStall() throws {
        var client = try Self.bereaved()
        let request = TrackerMessage.swarmRequest(
            Client.content, want: WantNumber(0), by: .content, needsManifest: false)
        let before = client.drain()
        #expect(before.contains(Client.told(request)))
        #expect(!before.contains(Self.stall(client)))
        try client.swarm(seeds: [], peers: [1, 2])
        client.step()
        #expect(client.drain().contains(Self.stall(client)))
        client.step()
        #expect(client.drain() == [], "it is reported once")
    }

    /// Its death is certain, so that nothing has to be waited for.
    @Test func theDeathOfASourceIsABereavement() throws {
        var client = try Client.fetching(2, [1: "##", 2: ".."])
        _ = client.drain()
        client.note(.died(Rank(1)))
        client.step()
        #expect(!client.drain().contains(Self.stall(client, missing: 2)))
        try client.swarm(seeds: [], peers: [2])
        client.step()
        #expect(client.drain().contains(Self.stall(client, missing: 2)))
    }

    @Test func aMemberThatHasNotAnsweredMayHaveIt() throws {
        var client = try Self.bereaved()
        _ = client.drain()
        try client.swarm(seeds: [], peers: [1, 2, 3])
        client.step()
        #expect(!client.drain().contains(Self.stall(client)))
        try client.bitfield("#.", from: 3)
        client.step()
        #expect(client.drain().contains(Self.stall(client)))
    }

    /// A rank that did not know the content answers with nothing, and asks in turn once it does.
    /// Its question names its pieces.
    @Test(arguments: [true, false])
    func aMemberThatAsksReportsItsPieces(isLast: Bool) throws {
        var client = try Self.bereaved()
        _ = client.drain()
        try client.swarm(seeds: [], peers: [1, 2, 3])
        client.note(.introduced(Rank(3), PieceSet(none: 2), of: Client.content, isLast: isLast))
        client.step()
        #expect(client.drain().contains(Self.stall(client)) == isLast, "more may follow")
    }

    @Test func aBitfieldWithdrawsPiecesOfItsSource() throws {
        var client = try Client.fetching(2, [1: "#.", 2: ".#"], stance: .offering)
        try client.bitfield("..", stance: .offering, from: 2)
        client.step()
        #expect(client.transfer.sources[SourceIndex(1)].useful == 0)
        #expect(client.transfer.inquiry.isBereaved)
    }

    /// A false seed, which the tracker names again and again, must not make the rank ask without
    /// end.
    @Test func requestsToTheTrackerAreLimited() throws {
        var client = try Self.bereaved()
        _ = client.drain()
        var count = 0
        for _ in 0..<100 {
            try client.swarm(seeds: [1], peers: [2])
            client.step()
            let effects = client.drain()
            for case .send(.tracker(.swarmRequest), _, _) in effects { count += 1 }
            for asked in Client.asks(effects) { try client.nack(asked, .notHeld) }
            client.step()
        }
        #expect((1...Inquiry.freshAsksMax).contains(count))
    }
}
