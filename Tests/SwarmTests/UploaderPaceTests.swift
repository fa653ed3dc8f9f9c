import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The number of sends under way, the arrangement of the next one, and receivers that are too slow
/// to count.
struct UploaderPaceTests {
    /// An uploader that has sent one piece in a second, and has had its offers answered in 50 ms.
    private static func paced(receivers: Int32, sends: Int = 1) throws -> UploaderFixture {
        var fixture = UploaderFixture.cooperative(100, sends: sends, perOffer: 1)
        try fixture.meet(90)
        let offer = try #require(fixture.offers().first)
        fixture.pass(.milliseconds(50))
        try Self.accept(offer, &fixture)
        fixture.pass(.seconds(1))
        fixture.sent(offer.number, to: 90)
        try fixture.hear(.notInterested(UploaderFixture.content), from: 90)
        for made in UploaderFixture.offers(fixture.drain()) {
            try fixture.decline(made.number, from: made.to)
        }
        for rank in 1...receivers { try fixture.meet(rank) }
        return fixture
    }

    /// Requests an offered piece, under the offer's number.
    private static func accept(_ offer: SeenOffer, _ fixture: inout UploaderFixture) throws {
        try fixture.request(offer.pieces[0], offer.number, offer: offer.number, from: offer.to)
        _ = fixture.stepReading()
    }

    @Test func theNextSendIsArrangedNearTheEndOfTheLast() throws {
        var fixture = try Self.paced(receivers: 3)
        let offer = try #require(fixture.offers().first)
        try fixture.request(offer.pieces[0], 1, offer: offer.number, from: offer.to)
        fixture.step()
        for case .read(_, let ticket) in fixture.drain() { fixture.readDone(ticket) }
        fixture.step()
        let alarm = try #require(fixture.alarms.last)
        #expect(UploaderFixture.offers(fixture.drain()) == [], "it has hardly begun")
        let begun = fixture.now
        // A second for the piece, minus the time that an answer takes at most.
        #expect(alarm > begun + .milliseconds(700) && alarm < begun + .milliseconds(960))
        fixture.pass(alarm - begun - .milliseconds(1))
        #expect(UploaderFixture.offers(fixture.drain()) == [])
        fixture.pass(.milliseconds(1))
        let next = try #require(UploaderFixture.offers(fixture.drain()).first)
        fixture.pass(.milliseconds(1))
        #expect(UploaderFixture.offers(fixture.drain()) == [], "one ahead, and no more")
        try fixture.request(next.pieces[0], 2, offer: next.number, from: next.to)
        #expect(!fixture.stepReading().contains(.ack(UInt32(next.pieces[0]), 2, to: next.to)))
        fixture.sent(1, to: offer.to)
        #expect(fixture.drain().contains(.ack(UInt32(next.pieces[0]), 2, to: next.to)))
    }

    /// A second send beside it would only make both slower.
    @Test func theFirstSendIsSlowIfItTakesLongForItsLength() throws {
        var fixture = UploaderFixture(100) {
            $0.serving = .cooperative
            $0.firstRateMin = 1
        }
        try fixture.meet(1)
        try fixture.meet(2)
        let offer = try #require(fixture.offers().first)
        try Self.accept(offer, &fixture)
        fixture.pass(.milliseconds(9999))
        #expect(fixture.uploader.slowSendCount == 0)
        fixture.pass(.milliseconds(1))
        #expect(fixture.uploader.slowSendCount == 1)
    }

    /// Otherwise a rank whose first send goes to a slow receiver passes nothing on for a long time.
    @Test func theFirstSendIsSlowIfItTakesFarLongerThanPiecesTakeToCome() throws {
        var fixture = UploaderFixture(100, owned: false) { $0.serving = .cooperative }
        fixture.store(3, in: .milliseconds(10))
        try fixture.meet(1)
        let offer = try #require(fixture.offers().first)
        try Self.accept(offer, &fixture)
        fixture.pass(.milliseconds(84))
        #expect(fixture.uploader.slowSendCount == 0)
        fixture.pass(.milliseconds(1))
        #expect(fixture.uploader.slowSendCount == 1)
    }

    @Test func aSlowSendDoesNotCount() throws {
        var fixture = try Self.paced(receivers: 2)
        let slow = try #require(fixture.offers().first)
        try Self.accept(slow, &fixture)
        fixture.pass(.milliseconds(1999))
        #expect(fixture.uploader.slowSendCount == 0)
        fixture.pass(.milliseconds(20))
        #expect(fixture.uploader.slowSendCount == 1)
        #expect(fixture.uploader.activeSends == 0)
        let offers = UploaderFixture.offers(fixture.drain()).filter { $0.to != slow.to }
        #expect(offers.count == 1, "another has the slot")
    }

    /// Eight receivers that never take anything: four take no slot, the fifth takes the only one.
    @Test func theNumberOfSlowSendsIsLimited() throws {
        var fixture = try Self.paced(receivers: 8)
        for _ in 0..<200 {
            fixture.pass(.milliseconds(100))
            for offer in UploaderFixture.offers(fixture.drain()) {
                try Self.accept(offer, &fixture)
            }
        }
        #expect(fixture.uploader.slowSendCount == 4)
        #expect(fixture.uploader.sends.count { $0.isSlow } == 4)
        #expect(fixture.uploader.activeSends == 1)
    }

    /// When one of the slow sends ends, the next slow one frees its slot for a quick one.
    @Test func aSlowSendThatEndsMakesRoomForAnother() throws {
        var fixture = try Self.paced(receivers: 5)
        for _ in 0..<200 {
            fixture.pass(.milliseconds(100))
            for offer in UploaderFixture.offers(fixture.drain()) {
                try Self.accept(offer, &fixture)
            }
        }
        try fixture.meet(6)
        let offer = try #require(fixture.offers().first)
        try Self.accept(offer, &fixture)
        #expect(fixture.uploader.sends.last?.stage == .ready, "the only slot is taken")
        let ended = try #require(fixture.uploader.sends.first { $0.isSlow })
        fixture.sent(ended.request.raw, to: fixture.uploader.linkRoster[ended.link].raw)
        #expect(fixture.uploader.slowSendCount == 5)
        #expect(fixture.drain().contains(.ack(UInt32(offer.pieces[0]), offer.number, to: 6)))
    }

    /// No send has ended yet, so the time that one should take is unknown.
    @Test func aFirstSendThatNeverEndsDelaysNoOther() throws {
        var fixture = UploaderFixture.cooperative(10, perOffer: 1)
        try fixture.meet(1)
        let stuck = try #require(fixture.offers().first)
        try Self.accept(stuck, &fixture)
        try fixture.meet(2)
        var alarm = fixture.now
        for _ in 0..<40 {
            fixture.pass(.milliseconds(100))
            if let next = fixture.alarms.last { alarm = next }
            if let offer = UploaderFixture.offers(fixture.drain()).first(where: { $0.to == 2 }) {
                try Self.accept(offer, &fixture)
                return
            }
        }
        Issue.record("rank 2 is offered nothing; the last alarm is at \(alarm)")
    }

    @Test func sendsUnderWayAreBounded() throws {
        for sends in 1...3 {
            var fixture = UploaderFixture.cooperative(50, sends: sends)
            for rank: Int32 in 1...6 {
                try fixture.meet(rank)
                for request: UInt32 in 1...5 {
                    try fixture.request(Int(request), request, from: rank)
                }
            }
            let acts = fixture.stepReading()
            #expect(acts.count { if case .sendPayload = $0 { true } else { false } } == sends)
            // Reads run ahead of the sends, but not far.
            #expect(acts.count { if case .read = $0 { true } else { false } } <= 2 * sends + 2)
        }
    }
}
