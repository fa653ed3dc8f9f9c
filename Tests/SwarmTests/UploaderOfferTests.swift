import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The receivers of offers, and the outcomes.
struct UploaderOfferTests {
    /// The other thread gets the receiver's pieces, and may report them later.
    @Test func aNeighbourThatIsInterestedBeforeItIsMetIsServed() throws {
        var fixture = UploaderFixture.cooperative(4)
        try fixture.hear(.interested(UploaderFixture.content), from: 1)
        #expect(fixture.offers().map(\.to) == [1])
        try fixture.meet(1, "##..", isInterested: false)
        #expect(fixture.uploader.contents[0].neighbours[0].lacking == 2)
        #expect(fixture.uploader.contents[0].neighbours[0].isInterested)
    }

    /// Nor need the content be open.
    @Test func interestInAContentThatIsNotOpenYetCounts() throws {
        var fixture = UploaderFixture(4, owned: nil) { $0.serving = .cooperative }
        try fixture.hear(.interested(UploaderFixture.content), from: 1)
        try fixture.hear(.interested(UploaderFixture.content), from: 2)
        try fixture.hear(.notInterested(UploaderFixture.content), from: 2)
        fixture.reopen(held: PieceSet(all: 4))
        #expect(fixture.offers().map(\.to) == [1])
    }

    @Test func offersGoToInterestedNeighboursThatLackSomething() throws {
        var fixture = UploaderFixture.cooperative(6, sends: 5)
        try fixture.meet(1, "##....")
        try fixture.meet(2, "......", isInterested: false)
        try fixture.meet(3, "######")
        let offers = fixture.offers()
        #expect(offers.map(\.to) == [1])
        #expect(Set(offers[0].pieces) == [2, 3, 4, 5])
        try fixture.hear(.interested(UploaderFixture.content), from: 2)
        #expect(fixture.offers().map(\.to) == [2])
    }

    @Test func labelsAreNotOffered() throws {
        var fixture = UploaderFixture(4, owned: nil) { $0.serving = .cooperative }
        let geometry = try #require(Geometry(labels: 4))
        fixture.note(
            .contentOpened(UploaderFixture.content, geometry, held: PieceSet(all: 4)))
        try fixture.meet(1, "....")
        #expect(fixture.offers() == [])
    }

    @Test(arguments: [true, false])
    func aPieceThatANeighbourWithdrewIsOfferedToIt(isOwned: Bool) throws {
        var fixture = UploaderFixture.cooperative(12, owned: isOwned)
        fixture.store(3, 9)
        try fixture.meet(1, "############")
        #expect(fixture.offers() == [])
        let query = UploadMessage.piecesQuery(UploaderFixture.content, first: 8, count: 2)
        try fixture.hear(query, tail: [0b01], from: 1)
        #expect(fixture.offers() == [SeenOffer(to: 1, number: 1, pieces: [9])])
    }

    @Test func anOfferNamesAFewPiecesAndNoneTwice() throws {
        for perOffer in 1...6 {
            var fixture = UploaderFixture.cooperative(40, perOffer: perOffer)
            try fixture.meet(1, "#.#.#.#.")
            let pieces = fixture.offers().first?.pieces ?? []
            #expect(pieces.count == perOffer && Set(pieces).count == perOffer)
            #expect(Set(pieces).isDisjoint(with: [0, 2, 4, 6]))
        }
    }

    /// Two receivers that fetch the same last piece at once leave another piece unsent for that
    /// time.
    @Test func aPieceThatIsOfferedAlreadyIsNotOfferedFirst() throws {
        for _ in 0..<20 {
            var fixture = UploaderFixture.cooperative(4, sends: 4, perOffer: 4)
            for rank in Int32(1)...4 { try fixture.meet(rank) }
            #expect(Set(fixture.offers().compactMap(\.pieces.first)).count == 4)
        }
    }

    @Test func oneOfferPerLinkAtATime() throws {
        var fixture = UploaderFixture.cooperative(6, sends: 4)
        try fixture.meet(1)
        try fixture.meet(2)
        #expect(Set(fixture.offers().map(\.to)) == [1, 2])
        try fixture.hear(.interested(UploaderFixture.content), from: 1)
        #expect(fixture.offers() == [])
    }

    @Test(arguments: 1...3)
    func thereAreAsManyOffersAsFreeSends(sends: Int) throws {
        var fixture = UploaderFixture.cooperative(6, sends: sends)
        for rank: Int32 in 1...8 { try fixture.meet(rank) }
        #expect(Set(fixture.offers().map(\.to)).count == sends)
        fixture.pass(.zero)
        #expect(UploaderFixture.offers(fixture.drain()) == [])
    }

    /// An owner of four pieces that serves each of eight neighbours once sends each piece twice.
    @Test func theLeastServedPieceIsOfferedFirst() throws {
        var fixture = UploaderFixture.cooperative(4, perOffer: 1)
        for rank: Int32 in 1...8 { try fixture.meet(rank) }
        var served = [Int](repeating: 0, count: 4)
        var receivers: [Int32] = []
        for request in UInt32(1)...8 {
            let offer = try #require(fixture.offers().first)
            served[offer.pieces[0]] += 1
            receivers.append(offer.to)
            try fixture.request(offer.pieces[0], request, offer: offer.number, from: offer.to)
            #expect(
                fixture.stepReading().contains(.ack(UInt32(offer.pieces[0]), request, to: offer.to))
            )
            fixture.note(
                .neighbourGot(
                    Rank(offer.to), PieceHandful(PieceIndex(offer.pieces[0])),
                    of: UploaderFixture.content))
            try fixture.hear(.notInterested(UploaderFixture.content), from: offer.to)
            fixture.sent(request, to: offer.to)
        }
        #expect(served == [2, 2, 2, 2])
        #expect(Set(receivers).count == 8)
    }

    /// A request that was cancelled was not served.
    @Test func aCancelledRequestDoesNotCountAsServed() throws {
        var fixture = UploaderFixture.cooperative(2, perOffer: 1)
        try fixture.meet(1)
        try fixture.meet(2, isInterested: false)
        for request in UInt32(1)...3 {
            try fixture.request(0, request, from: 2)
            try fixture.hear(
                .cancel(UploaderFixture.content, request: RequestNumber(request)), from: 2)
        }
        try fixture.request(1, 9, from: 2)
        _ = fixture.stepReading()
        fixture.sent(9, to: 2)
        #expect(UploaderFixture.offers(fixture.drain()).map(\.pieces) == [[0]])
    }

    @Test func theRarestPieceIsOfferedFirst() throws {
        var fixture = UploaderFixture.cooperative(4, owned: false, perOffer: 1)
        fixture.store(0, 1, 2, 3)
        try fixture.meet(1, "....")
        try fixture.meet(2, "##.#", isInterested: false)
        try fixture.meet(3, "##..", isInterested: false)
        #expect(UploaderFixture.offers(fixture.stepReading()).map(\.pieces) == [[2]])
    }

    @Test func onlyStoredPiecesAreOffered() throws {
        var fixture = UploaderFixture.cooperative(9, owned: false)
        try fixture.meet(1)
        #expect(fixture.offers() == [])
        fixture.store(4)
        #expect(fixture.offers().map(\.pieces) == [[4]])
    }

    @Test func aDeclineNamesThePiecesThatAreHeld() throws {
        var fixture = UploaderFixture.cooperative(6)
        try fixture.meet(1, "....##")
        let offer = try #require(fixture.offers().first)
        #expect(Set(offer.pieces) == [0, 1, 2, 3])
        try fixture.decline(offer.number, held: [0, 1, 2], from: 1)
        let next = try #require(fixture.offers().first)
        #expect(next.pieces == [3])
        try fixture.decline(next.number, held: [3], from: 1)
        #expect(fixture.offers() == [])
        fixture.pass(.seconds(10))
        #expect(UploaderFixture.offers(fixture.drain()) == [])
    }

    /// All of it is on its way to the receiver already, so it gets no offer for a moment.
    @Test func aDeclineOfNothingRests() throws {
        var fixture = UploaderFixture.cooperative(6)
        try fixture.meet(1)
        let offer = try #require(fixture.offers().first)
        try fixture.decline(offer.number, from: 1)
        fixture.step()
        let alarm = try #require(fixture.alarms.last)
        #expect(UploaderFixture.offers(fixture.drain()) == [])
        #expect(alarm > fixture.now)
        fixture.pass(alarm - fixture.now)
        #expect(UploaderFixture.offers(fixture.drain()).map(\.to) == [1])
    }

    @Test func aDeclineOfPiecesThatDoNotExistIsRefused() throws {
        var fixture = UploaderFixture.cooperative(6)
        try fixture.meet(1)
        let offer = try #require(fixture.offers().first)
        #expect(throws: WireError.malformed) {
            try fixture.decline(offer.number, held: [6], from: 1)
        }
    }

    @Test func anOfferWithoutAnAnswerLapsesAndItsLinkRests() throws {
        var fixture = UploaderFixture.cooperative(6)
        try fixture.meet(1)
        fixture.step()
        let patience = try #require(fixture.alarms.last)
        let offer = try #require(UploaderFixture.offers(fixture.drain()).first)
        try fixture.meet(2)
        #expect(fixture.offers() == [], "the only send is spoken for")
        fixture.pass(patience - fixture.now)
        #expect(fixture.uploader.lapseCount == 1)
        let other = try #require(UploaderFixture.offers(fixture.drain()).first)
        #expect(other.to == 2)
        // The late answer is a request like any other.
        try fixture.decline(other.number, held: [0, 1, 2, 3, 4, 5], from: 2)
        #expect(fixture.offers() == [], "rank 1 rests")
        fixture.pass(.milliseconds(1900))
        #expect(UploaderFixture.offers(fixture.drain()) == [])
        fixture.pass(.milliseconds(100))
        let again = try #require(UploaderFixture.offers(fixture.drain()).first)
        #expect(again.to == 1 && again.number != offer.number)
        try fixture.request(offer.pieces[0], 1, offer: offer.number, from: 1)
        #expect(fixture.stepReading().contains(.ack(UInt32(offer.pieces[0]), 1, to: 1)))
    }

    @Test func aRankCannotAnswerTheOffersOfOthers() throws {
        var fixture = UploaderFixture.cooperative(6)
        try fixture.meet(1)
        let offer = try #require(fixture.offers().first)
        try fixture.meet(2, isInterested: false)
        try fixture.decline(offer.number, held: [], from: 2)
        fixture.pass(.seconds(1))
        #expect(fixture.uploader.lapseCount == 1)
    }

    @Test func aNeighbourThatLeftIsOfferedNothing() throws {
        var fixture = UploaderFixture.cooperative(6)
        try fixture.meet(1)
        #expect(fixture.offers().map(\.to) == [1])
        fixture.note(.neighbourGone(Rank(1)))
        #expect(fixture.offers() == [])
        try fixture.meet(2)
        #expect(fixture.offers().map(\.to) == [2])
    }
}
