import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Receivers that never take what is sent to them. No rank reports that they are dead.
struct UploaderStuckTests {
    private static func accept(_ offer: SeenOffer, _ fixture: inout UploaderFixture) throws {
        try fixture.request(offer.pieces[0], offer.number, offer: offer.number, from: offer.to)
        _ = fixture.stepReading()
    }

    private static func unchoked(_ acts: [Act]) -> [Int32] {
        acts.compactMap { act in
            if case .send(.unchoke, let rank, _) = act { rank } else { nil }
        }
    }

    /// An uploader that sends to rank 1 for ever, and has sent to no other rank.
    private static func sending(_ serving: Serving) throws -> UploaderFixture {
        var fixture = UploaderFixture(9) { $0.serving = serving }
        try fixture.meet(1)
        try fixture.request(3, 1, from: 1)
        #expect(fixture.stepReading().contains(.ack(3, 1, to: 1)))
        return fixture
    }

    /// There are more of them than may be slow: they keep the slots until they are known to be
    /// stuck.
    @Test func deadReceiversDoNotHoldUpLivingOnes() throws {
        var fixture = UploaderFixture.cooperative(20, perOffer: 1)
        for rank: Int32 in 1...6 { try fixture.meet(rank) }
        var served = 0
        for tenth in 0..<2000 {
            if tenth == 300 { try fixture.meet(7) }
            fixture.pass(.milliseconds(100))
            for offer in UploaderFixture.offers(fixture.drain()) {
                try Self.accept(offer, &fixture)
                guard offer.to == 7, fixture.uploader.sends.contains(where: Self.isToSeven(fixture))
                else { continue }
                served += 1
                fixture.sent(offer.number, to: 7)
            }
        }
        #expect(served > 5)
        #expect(fixture.uploader.sends.count <= 7)
    }

    private static func isToSeven(_ fixture: UploaderFixture) -> (SendRow) -> Bool {
        { $0.stage == .sending && fixture.uploader.linkRoster[$0.link].raw == 7 }
    }

    /// Two slots, two dead receivers: the living one's request waits until they are known to be
    /// stuck, and they are never unchoked again.
    @Test func deadReceiversDoNotKeepTheirSlots() throws {
        var fixture = UploaderFixture(20) {
            $0.serving = .titForTat
            $0.preferredMax = 1
        }
        for rank: Int32 in 1...2 { try fixture.meet(rank) }
        fixture.pass(.seconds(10))
        #expect(Set(Self.unchoked(fixture.drain())) == [1, 2])
        for rank: Int32 in 1...2 { try fixture.request(0, UInt32(rank), from: rank) }
        _ = fixture.stepReading()
        #expect(fixture.uploader.activeSends == 2)
        try fixture.meet(3)
        var isSent = false
        var request: UInt32 = 0
        for tenth in 0..<2000 {
            fixture.pass(.milliseconds(100))
            let acts = fixture.drain()
            for case .read(_, let ticket) in acts { fixture.readDone(ticket) }
            let unchoked = Self.unchoked(acts)
            if tenth > 610 { #expect(unchoked.filter { $0 != 3 } == []) }
            if unchoked.contains(3) {
                request += 1
                try fixture.request(1, request, from: 3)
            }
            isSent = isSent || (acts + fixture.stepReading()).contains(.ack(1, request, to: 3))
        }
        #expect(isSent)
    }

    @Test(arguments: [Serving.onRequest, .cooperative])
    func aStuckReceiverIsServedNothingUntilItHasTakenItsPayloads(serving: Serving) throws {
        var fixture = try Self.sending(serving)
        try fixture.request(4, 2, from: 1)
        let begun = fixture.now
        fixture.pass(.milliseconds(59_999))
        #expect(!fixture.drain().contains(.send(.choke, to: 1)))
        fixture.pass(.milliseconds(1))
        #expect(fixture.now == begun + .seconds(60))
        var acts = fixture.drain()
        #expect(acts.contains(.send(.choke, to: 1)))
        try fixture.request(5, 3, from: 1)
        acts += fixture.drain()
        #expect(acts.contains(.nack(5, 3, .choked, to: 1)))
        for _ in 0..<20 {
            fixture.pass(.seconds(10))
            #expect(UploaderFixture.offers(fixture.drain()) == [])
        }
        fixture.sent(1, to: 1)
        if serving == .onRequest { fixture.sent(2, to: 1) }
        acts = fixture.drain()
        #expect(acts.contains(.send(.unchoke(offers: serving == .cooperative), to: 1)))
        try fixture.request(5, 3, from: 1)
        acts += fixture.stepReading()
        #expect(acts.contains(.ack(5, 3, to: 1)))
    }

    /// A minute is nothing for a receiver that takes ten seconds for a piece.
    @Test func patienceIsLongerWhenSendsTakeLong() throws {
        var fixture = UploaderFixture.cooperative(20)
        try fixture.meet(1, isInterested: false)
        try fixture.request(0, 1, from: 1)
        _ = fixture.stepReading()
        fixture.pass(.seconds(10))
        fixture.sent(1, to: 1)
        try fixture.request(1, 2, from: 1)
        _ = fixture.stepReading()
        fixture.pass(.milliseconds(79_999))
        #expect(!fixture.drain().contains(.send(.choke, to: 1)))
        fixture.pass(.milliseconds(1))
        #expect(fixture.drain().contains(.send(.choke, to: 1)))
    }

    @Test(arguments: Serving.allCases)
    func theAlarmComesWhenPatienceEnds(serving: Serving) throws {
        guard serving != .titForTat else { return }
        var fixture = try Self.sending(serving)
        fixture.pass(.seconds(30))
        fixture.pass(.seconds(1))
        let alarm = try #require(fixture.alarms.last)
        #expect(alarm == .zero + .seconds(60))
    }

    @Test func aLeavingRankDoesNotWaitForTheDead() throws {
        var fixture = try Self.sending(.cooperative)
        fixture.note(.leaving)
        fixture.pass(.seconds(59))
        #expect(!fixture.uploader.isOver)
        fixture.pass(.seconds(1))
        #expect(fixture.uploader.isOver)
    }
}
