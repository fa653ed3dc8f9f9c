import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Receivers that never take what is sent to them. No rank reports that they are dead.
struct UploaderStuckTests {
    private static func accept(_ offer: SeenOffer, _ desk: inout Desk) throws {
        try desk.request(offer.pieces[0], offer.number, offer: offer.number, from: offer.to)
        _ = desk.stepReading()
    }

    private static func unchoked(_ acts: [Act]) -> [Int32] {
        acts.compactMap { act in
            if case .send(.unchoke, let rank, _) = act { rank } else { nil }
        }
    }

    /// A desk that sends to rank 1 for ever, and has sent to no other rank.
    private static func sending(_ serving: Serving) throws -> Desk {
        var desk = Desk(9) { $0.serving = serving }
        try desk.meet(1)
        try desk.request(3, 1, from: 1)
        #expect(desk.stepReading().contains(.ack(3, 1, to: 1)))
        return desk
    }

    /// There are more of them than may be slow: they keep the slots until they are known to be
    /// stuck.
    @Test func deadReceiversDoNotHoldUpTheLiving() throws {
        var desk = Desk.cooperative(20, perOffer: 1)
        for rank: Int32 in 1...6 { try desk.meet(rank) }
        var served = 0
        for tenth in 0..<2000 {
            if tenth == 300 { try desk.meet(7) }
            desk.pass(.milliseconds(100))
            for offer in Desk.offers(desk.drain()) {
                try Self.accept(offer, &desk)
                guard offer.to == 7, desk.uploader.sends.contains(where: Self.isToSeven(desk))
                else { continue }
                served += 1
                desk.sent(offer.number, to: 7)
            }
        }
        #expect(served > 5)
        #expect(desk.uploader.sends.count <= 7)
    }

    private static func isToSeven(_ desk: Desk) -> (SendRow) -> Bool {
        { $0.stage == .sending && desk.uploader.linkRoster[$0.link].raw == 7 }
    }

    /// Two slots, two dead receivers: the living one's request waits until they are known to be
    /// stuck, and they are never unchoked again.
    @Test func deadReceiversDoNotKeepTheirSlots() throws {
        var desk = Desk(20) {
            $0.serving = .titForTat
            $0.preferredMax = 1
        }
        for rank: Int32 in 1...2 { try desk.meet(rank) }
        desk.pass(.seconds(10))
        #expect(Set(Self.unchoked(desk.drain())) == [1, 2])
        for rank: Int32 in 1...2 { try desk.request(0, UInt32(rank), from: rank) }
        _ = desk.stepReading()
        #expect(desk.uploader.activeSends == 2)
        try desk.meet(3)
        var isSent = false
        for tenth in 0..<2000 {
            desk.pass(.milliseconds(100))
            let acts = desk.drain()
            for case .read(_, let ticket) in acts { desk.readDone(ticket) }
            let unchoked = Self.unchoked(acts)
            if tenth > 610 { #expect(unchoked.filter { $0 != 3 } == []) }
            if unchoked.contains(3) { try desk.request(1, 9, from: 3) }
            isSent = isSent || (acts + desk.stepReading()).contains(.ack(1, 9, to: 3))
        }
        #expect(isSent)
    }

    @Test(arguments: [Serving.onRequest, .cooperative])
    func aStuckReceiverIsServedNothingUntilItHasTakenItsPayloads(serving: Serving) throws {
        var desk = try Self.sending(serving)
        try desk.request(4, 2, from: 1)
        let begun = desk.now
        desk.pass(.milliseconds(59_999))
        #expect(!desk.drain().contains(.send(.choke, to: 1)))
        desk.pass(.milliseconds(1))
        #expect(desk.now == begun + .seconds(60))
        var acts = desk.drain()
        #expect(acts.contains(.send(.choke, to: 1)))
        try desk.request(5, 3, from: 1)
        acts += desk.drain()
        #expect(acts.contains(.nack(5, 3, .choked, to: 1)))
        for _ in 0..<20 {
            desk.pass(.seconds(10))
            #expect(Desk.offers(desk.drain()) == [])
        }
        desk.sent(1, to: 1)
        if serving == .onRequest { desk.sent(2, to: 1) }
        acts = desk.drain()
        #expect(acts.contains(.send(.unchoke(offers: serving == .cooperative), to: 1)))
        try desk.request(5, 3, from: 1)
        acts += desk.stepReading()
        #expect(acts.contains(.ack(5, 3, to: 1)))
    }

    /// A minute is nothing for a receiver that takes ten seconds for a piece.
    @Test func patienceIsLongerWhenSendsTakeLong() throws {
        var desk = Desk.cooperative(20)
        try desk.meet(1, isInterested: false)
        try desk.request(0, 1, from: 1)
        _ = desk.stepReading()
        desk.pass(.seconds(10))
        desk.sent(1, to: 1)
        try desk.request(1, 2, from: 1)
        _ = desk.stepReading()
        desk.pass(.milliseconds(79_999))
        #expect(!desk.drain().contains(.send(.choke, to: 1)))
        desk.pass(.milliseconds(1))
        #expect(desk.drain().contains(.send(.choke, to: 1)))
    }

    @Test(arguments: Serving.allCases)
    func theAlarmComesWhenPatienceEnds(serving: Serving) throws {
        guard serving != .titForTat else { return }
        var desk = try Self.sending(serving)
        desk.pass(.seconds(30))
        desk.pass(.seconds(1))
        let alarm = try #require(desk.alarms.last)
        #expect(alarm == .zero + .seconds(60))
    }

    @Test func aLeavingRankDoesNotWaitForTheDead() throws {
        var desk = try Self.sending(.cooperative)
        desk.note(.leaving)
        desk.pass(.seconds(59))
        #expect(!desk.uploader.isOver)
        desk.pass(.seconds(1))
        #expect(desk.uploader.isOver)
    }
}
