import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Sends to several receivers at once, where links receive no faster than they send.
struct UploaderSharingTests {
    /// An uploader that has sent pieces to rank 90, one after the other, in this time each.
    private static func after(
        _ times: Duration..., answer: Duration = .milliseconds(50),
        rules: (inout UploaderRules) -> Void = { _ in }
    ) throws -> UploaderFixture {
        var fixture = UploaderFixture(200) {
            $0.serving = .cooperative
            $0.piecesPerOffer = 1
            rules(&$0)
        }
        try fixture.meet(90)
        var next = fixture.offers().first
        for time in times {
            let offer = try #require(next)
            fixture.pass(answer)
            var made = try accept(offer, &fixture)
            fixture.pass(time)
            made += UploaderFixture.offers(fixture.drain())
            fixture.sent(offer.number, to: 90)
            made += UploaderFixture.offers(fixture.drain())
            next = made.last
        }
        try fixture.hear(.notInterested(UploaderFixture.content), from: 90)
        fixture.pass(answer)
        if let next { try fixture.decline(next.number, from: 90) }
        _ = fixture.drain()
        return fixture
    }

    /// One whose links are known to be shared, with receivers from rank 1 on.
    private static func sharing(receivers: Int32) throws -> UploaderFixture {
        var fixture = try after(.seconds(1), .milliseconds(1500), .milliseconds(1500))
        #expect(fixture.uploader.sharesLinks)
        fixture.pass(.seconds(5))
        for rank in 1...receivers { try fixture.meet(rank) }
        return fixture
    }

    /// Returns the offers that the uploader makes then.
    @discardableResult
    private static func accept(
        _ offer: SeenOffer, _ fixture: inout UploaderFixture
    ) throws -> [SeenOffer] {
        try fixture.request(offer.pieces[0], offer.number, offer: offer.number, from: offer.to)
        return UploaderFixture.offers(fixture.stepReading())
    }

    private static func withdrawals(_ acts: [Act]) -> [Int32] {
        acts.compactMap { act in
            guard case .send(.offerWithdrawn, let rank, _) = act else { return nil }
            return rank
        }
    }

    private static func placesOfOffers(_ acts: [Act]) -> [UInt32] {
        acts.compactMap { act in
            guard case .send(.offer(_, _, _, let places), _, _) = act else { return nil }
            return places
        }
    }

    @Test func sendsThatAllTakeEquallyLongAreMadeOneByOne() throws {
        var fixture = try Self.after(.seconds(1), .seconds(1), .seconds(1), .seconds(1))
        #expect(!fixture.uploader.sharesLinks)
        for rank: Int32 in 1...5 { try fixture.meet(rank) }
        fixture.step()
        #expect(Self.placesOfOffers(fixture.drain()) == [0])
    }

    /// The second one need not end.
    @Test func aSendThatIsNotOverInTimeLeavesTheLinkIdle() throws {
        var fixture = try Self.after(.seconds(1), .milliseconds(1500))
        try fixture.meet(1)
        let offer = try #require(fixture.offers().first)
        try Self.accept(offer, &fixture)
        fixture.pass(.milliseconds(1200))
        #expect(!fixture.uploader.sharesLinks)
        fixture.pass(.milliseconds(100))
        #expect(fixture.uploader.sharesLinks)
    }

    @Test func longTurnaroundsMakeSharingUseless() throws {
        let fixture = try Self.after(
            .seconds(1), .milliseconds(1500), .milliseconds(1500), .milliseconds(1500),
            answer: .seconds(9)
        ) { $0.offerPatienceMax = .seconds(30) }
        #expect(!fixture.uploader.sharesLinks)
    }

    @Test func aChokingSwarmSharesNothing() throws {
        var fixture = UploaderFixture(200) { $0.serving = .titForTat }
        fixture.step()
        try fixture.meet(1)
        fixture.pass(.seconds(10))
        for (request, time) in [(1, 1000), (2, 1500), (3, 1500), (4, 1500)] as [(UInt32, Int)] {
            try fixture.request(Int(request), request, from: 1)
            #expect(fixture.stepReading().contains(.ack(request, request, to: 1)))
            fixture.pass(.milliseconds(time))
            fixture.sent(request, to: 1)
        }
        #expect(fixture.uploader.sends.isEmpty && !fixture.uploader.sharesLinks)
    }

    @Test func threeReceiversAreOfferedEachSend() throws {
        var fixture = try Self.sharing(receivers: 20)
        fixture.step()
        let acts = fixture.drain()
        #expect(Self.placesOfOffers(acts) == [UInt32](repeating: 5, count: 15))
        #expect(Set(UploaderFixture.offers(acts).map(\.to)).count == 15)
        #expect(fixture.offers() == [])
    }

    /// They have no room: others may have.
    @Test func othersAreOfferedIfNoneAnswersAtOnce() throws {
        var fixture = try Self.sharing(receivers: 40)
        let first = fixture.offers()
        fixture.pass(.milliseconds(99))
        #expect(UploaderFixture.offers(fixture.drain()) == [], "twice the quickest answer")
        fixture.pass(.milliseconds(1))
        let second = UploaderFixture.offers(fixture.drain())
        #expect(second.count == 15)
        #expect(Set((first + second).map(\.to)).count == 30)
    }

    @Test func waitingOffersAreWithdrawnWhenAllSendsAreTaken() throws {
        var fixture = try Self.sharing(receivers: 9)
        let offers = fixture.offers()
        #expect(offers.count == 9)
        for offer in offers[..<4] { try Self.accept(offer, &fixture) }
        #expect(Self.withdrawals(fixture.drain()) == [])
        let last = offers[4]
        try fixture.request(last.pieces[0], last.number, offer: last.number, from: last.to)
        let withdrawn = Set(Self.withdrawals(fixture.drain()))
        #expect(withdrawn.isSuperset(of: offers[5...].map(\.to)))
        #expect(fixture.uploader.offers.isEmpty)
        _ = fixture.stepReading()
        #expect(fixture.uploader.activeSends == 5)
        #expect(fixture.offers() == [])
        fixture.sent(last.number, to: last.to)
        #expect(!UploaderFixture.offers(fixture.drain()).isEmpty)
    }

    @Test func anAnswerThatCrossesTheWithdrawalIsRefused() throws {
        var fixture = try Self.sharing(receivers: 9)
        let offers = fixture.offers()
        for offer in offers[..<5] { try Self.accept(offer, &fixture) }
        _ = fixture.drain()
        let late = offers[5]
        try fixture.request(late.pieces[0], 99, offer: late.number, from: late.to)
        #expect(
            fixture.drain() == [.nack(UInt32(late.pieces[0]), 99, .busy, to: late.to)])
        // A send has ended, and no other receiver has come first.
        fixture.sent(offers[0].number, to: offers[0].to)
        _ = fixture.drain()
        try fixture.request(late.pieces[0], 100, offer: late.number, from: late.to)
        #expect(fixture.stepReading().contains(.ack(UInt32(late.pieces[0]), 100, to: late.to)))
    }

    /// The receiver may be busy with others for that long, or have lost the offer.
    @Test func anOfferThatWaitsTooLongIsMadeAgainAtOnce() throws {
        var fixture = try Self.sharing(receivers: 1)
        let offer = try #require(fixture.offers().first)
        fixture.pass(.seconds(5))
        #expect(UploaderFixture.offers(fixture.drain()) == [])
        fixture.pass(.seconds(15))
        let again = try #require(UploaderFixture.offers(fixture.drain()).first)
        #expect(again.to == 1 && again.number != offer.number)
    }

    /// No other receiver lacks anything.
    @Test func oneReceiverMayGetAllSends() throws {
        var fixture = try Self.sharing(receivers: 1)
        var offer = fixture.offers().first
        for _ in 0..<5 { offer = try Self.accept(try #require(offer), &fixture).first }
        #expect(fixture.uploader.activeSends == 5)
    }
}
