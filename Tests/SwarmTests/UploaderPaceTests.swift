import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The number of sends under way, the arrangement of the next one, and receivers that are too slow
/// to count.
struct UploaderPaceTests {
    /// A desk that has sent one piece in a second, and has had its offers answered in 50 ms.
    private static func paced(receivers: Int32, sends: Int = 1) throws -> Desk {
        var desk = Desk.cooperative(100, sends: sends, perOffer: 1)
        try desk.meet(90)
        let offer = try #require(desk.offers().first)
        desk.pass(.milliseconds(50))
        try Self.accept(offer, &desk)
        desk.pass(.seconds(1))
        desk.sent(offer.number, to: 90)
        try desk.hear(.notInterested(Desk.content), from: 90)
        for made in Desk.offers(desk.drain()) { try desk.decline(made.number, from: made.to) }
        for rank in 1...receivers { try desk.meet(rank) }
        return desk
    }

    /// Requests an offered piece, under the offer's number.
    private static func accept(_ offer: SeenOffer, _ desk: inout Desk) throws {
        try desk.request(offer.pieces[0], offer.number, offer: offer.number, from: offer.to)
        _ = desk.stepReading()
    }

    @Test func theNextSendIsArrangedNearTheEndOfTheLast() throws {
        var desk = try Self.paced(receivers: 3)
        let offer = try #require(desk.offers().first)
        try desk.request(offer.pieces[0], 1, offer: offer.number, from: offer.to)
        desk.step()
        for case .read(_, let ticket) in desk.drain() { desk.readDone(ticket) }
        desk.step()
        let alarm = try #require(desk.alarms.last)
        #expect(Desk.offers(desk.drain()) == [], "it has hardly begun")
        let begun = desk.now
        // A second for the piece, minus the time that an answer takes at most.
        #expect(alarm > begun + .milliseconds(700) && alarm < begun + .milliseconds(960))
        desk.pass(alarm - begun - .milliseconds(1))
        #expect(Desk.offers(desk.drain()) == [])
        desk.pass(.milliseconds(1))
        let next = try #require(Desk.offers(desk.drain()).first)
        desk.pass(.milliseconds(1))
        #expect(Desk.offers(desk.drain()) == [], "one ahead, and no more")
        try desk.request(next.pieces[0], 2, offer: next.number, from: next.to)
        #expect(!desk.stepReading().contains(.ack(UInt32(next.pieces[0]), 2, to: next.to)))
        desk.sent(1, to: offer.to)
        #expect(desk.drain().contains(.ack(UInt32(next.pieces[0]), 2, to: next.to)))
    }

    /// A second send beside it would only make both slower.
    @Test func theFirstSendIsSlowIfItTakesLongForItsLength() throws {
        var desk = Desk(100) {
            $0.serving = .cooperative
            $0.firstRateMin = 1
        }
        try desk.meet(1)
        try desk.meet(2)
        let offer = try #require(desk.offers().first)
        try Self.accept(offer, &desk)
        desk.pass(.milliseconds(9999))
        #expect(desk.uploader.slowSendCount == 0)
        desk.pass(.milliseconds(1))
        #expect(desk.uploader.slowSendCount == 1)
    }

    @Test func aSlowSendDoesNotCount() throws {
        var desk = try Self.paced(receivers: 2)
        let slow = try #require(desk.offers().first)
        try Self.accept(slow, &desk)
        desk.pass(.milliseconds(1999))
        #expect(desk.uploader.slowSendCount == 0)
        desk.pass(.milliseconds(20))
        #expect(desk.uploader.slowSendCount == 1)
        #expect(desk.uploader.activeSends == 0)
        let offers = Desk.offers(desk.drain()).filter { $0.to != slow.to }
        #expect(offers.count == 1, "another has the slot")
    }

    /// Eight receivers that never take anything: four take no slot, the fifth takes the only one.
    @Test func theNumberOfSlowSendsIsLimited() throws {
        var desk = try Self.paced(receivers: 8)
        for _ in 0..<200 {
            desk.pass(.milliseconds(100))
            for offer in Desk.offers(desk.drain()) { try Self.accept(offer, &desk) }
        }
        #expect(desk.uploader.slowSendCount == 4)
        #expect(desk.uploader.sends.count { $0.isSlow } == 4)
        #expect(desk.uploader.activeSends == 1)
    }

    /// When one of the slow sends ends, the next slow one frees its slot for a quick one.
    @Test func aSlowSendThatEndsMakesRoomForAnother() throws {
        var desk = try Self.paced(receivers: 5)
        for _ in 0..<200 {
            desk.pass(.milliseconds(100))
            for offer in Desk.offers(desk.drain()) { try Self.accept(offer, &desk) }
        }
        try desk.meet(6)
        let offer = try #require(desk.offers().first)
        try Self.accept(offer, &desk)
        #expect(desk.uploader.sends.last?.stage == .ready, "the only slot is taken")
        let ended = try #require(desk.uploader.sends.first { $0.isSlow })
        desk.sent(ended.request.raw, to: desk.uploader.linkRoster[ended.link].raw)
        #expect(desk.uploader.slowSendCount == 5)
        #expect(desk.drain().contains(.ack(UInt32(offer.pieces[0]), offer.number, to: 6)))
    }

    /// No send has ended yet, so the time that one should take is unknown.
    @Test func aFirstSendThatNeverEndsDelaysNoOther() throws {
        var desk = Desk.cooperative(10, perOffer: 1)
        try desk.meet(1)
        let stuck = try #require(desk.offers().first)
        try Self.accept(stuck, &desk)
        try desk.meet(2)
        var alarm = desk.now
        for _ in 0..<40 {
            desk.pass(.milliseconds(100))
            if let next = desk.alarms.last { alarm = next }
            if let offer = Desk.offers(desk.drain()).first(where: { $0.to == 2 }) {
                try Self.accept(offer, &desk)
                return
            }
        }
        Issue.record("rank 2 is offered nothing; the last alarm is at \(alarm)")
    }

    @Test func sendsUnderWayAreBounded() throws {
        for sends in 1...3 {
            var desk = Desk.cooperative(50, sends: sends)
            for rank: Int32 in 1...6 {
                try desk.meet(rank)
                for request: UInt32 in 1...5 { try desk.request(Int(request), request, from: rank) }
            }
            let acts = desk.stepReading()
            #expect(acts.count { if case .sendPayload = $0 { true } else { false } } == sends)
            // Reads run ahead of the sends, but not far.
            #expect(acts.count { if case .read = $0 { true } else { false } } <= 2 * sends + 2)
        }
    }
}
