import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The receivers of offers, and the outcomes.
struct UploaderOfferTests {
    /// The other thread gets the receiver's pieces, and may report them later.
    @Test func aNeighbourThatIsInterestedBeforeItIsMetIsServed() throws {
        var desk = Desk.cooperative(4)
        try desk.hear(.interested(Desk.content), from: 1)
        #expect(desk.offers().map(\.to) == [1])
        try desk.meet(1, "##..", isInterested: false)
        #expect(desk.uploader.contents[0].neighbours[0].lacking == 2)
        #expect(desk.uploader.contents[0].neighbours[0].isInterested)
    }

    /// Nor need the content be open.
    @Test func interestInAContentThatIsNotOpenYetCounts() throws {
        var desk = Desk(4, owned: nil) { $0.serving = .cooperative }
        try desk.hear(.interested(Desk.content), from: 1)
        try desk.hear(.interested(Desk.content), from: 2)
        try desk.hear(.notInterested(Desk.content), from: 2)
        desk.reopen(held: PieceSet(all: 4))
        #expect(desk.offers().map(\.to) == [1])
    }

    @Test func offersGoToInterestedNeighboursThatLackSomething() throws {
        var desk = Desk.cooperative(6, sends: 5)
        try desk.meet(1, "##....")
        try desk.meet(2, "......", isInterested: false)
        try desk.meet(3, "######")
        let offers = desk.offers()
        #expect(offers.map(\.to) == [1])
        #expect(Set(offers[0].pieces) == [2, 3, 4, 5])
        try desk.hear(.interested(Desk.content), from: 2)
        #expect(desk.offers().map(\.to) == [2])
    }

    @Test(arguments: [true, false])
    func aPieceThatANeighbourWithdrewIsOfferedToIt(isOwned: Bool) throws {
        var desk = Desk.cooperative(12, owned: isOwned)
        desk.store(3, 9)
        try desk.meet(1, "############")
        #expect(desk.offers() == [])
        let query = UploadMessage.piecesQuery(Desk.content, first: 8, count: 2)
        try desk.hear(query, tail: [0b01], from: 1)
        #expect(desk.offers() == [SeenOffer(to: 1, number: 1, pieces: [9])])
    }

    @Test func anOfferNamesAFewPiecesAndNoneTwice() throws {
        for perOffer in 1...6 {
            var desk = Desk.cooperative(40, perOffer: perOffer)
            try desk.meet(1, "#.#.#.#.")
            let pieces = desk.offers().first?.pieces ?? []
            #expect(pieces.count == perOffer && Set(pieces).count == perOffer)
            #expect(Set(pieces).isDisjoint(with: [0, 2, 4, 6]))
        }
    }

    /// Two receivers that fetch the same last piece at once leave another piece unsent for that
    /// time.
    @Test func aPieceThatIsOfferedAlreadyIsNotOfferedFirst() throws {
        for _ in 0..<20 {
            var desk = Desk.cooperative(4, sends: 4, perOffer: 4)
            for rank in Int32(1)...4 { try desk.meet(rank) }
            #expect(Set(desk.offers().compactMap(\.pieces.first)).count == 4)
        }
    }

    @Test func oneOfferPerLinkAtATime() throws {
        var desk = Desk.cooperative(6, sends: 4)
        try desk.meet(1)
        try desk.meet(2)
        #expect(Set(desk.offers().map(\.to)) == [1, 2])
        try desk.hear(.interested(Desk.content), from: 1)
        #expect(desk.offers() == [])
    }

    @Test(arguments: 1...3)
    func thereAreAsManyOffersAsFreeSends(sends: Int) throws {
        var desk = Desk.cooperative(6, sends: sends)
        for rank: Int32 in 1...8 { try desk.meet(rank) }
        #expect(Set(desk.offers().map(\.to)).count == sends)
        desk.pass(.zero)
        #expect(Desk.offers(desk.drain()) == [])
    }

    /// An owner of four pieces that serves each of eight neighbours once sends each piece twice.
    @Test func theLeastServedPieceIsOfferedFirst() throws {
        var desk = Desk.cooperative(4, perOffer: 1)
        for rank: Int32 in 1...8 { try desk.meet(rank) }
        var served = [Int](repeating: 0, count: 4)
        var receivers: [Int32] = []
        for request in UInt32(1)...8 {
            let offer = try #require(desk.offers().first)
            served[offer.pieces[0]] += 1
            receivers.append(offer.to)
            try desk.request(offer.pieces[0], request, offer: offer.number, from: offer.to)
            #expect(
                desk.stepReading().contains(.ack(UInt32(offer.pieces[0]), request, to: offer.to)))
            desk.note(
                .neighbourGot(
                    Rank(offer.to), PieceHandful(PieceIndex(offer.pieces[0])), of: Desk.content))
            try desk.hear(.notInterested(Desk.content), from: offer.to)
            desk.sent(request, to: offer.to)
        }
        #expect(served == [2, 2, 2, 2])
        #expect(Set(receivers).count == 8)
    }

    /// A request that was cancelled was not served.
    @Test func aCancelledRequestDoesNotCountAsServed() throws {
        var desk = Desk.cooperative(2, perOffer: 1)
        try desk.meet(1)
        try desk.meet(2, isInterested: false)
        for request in UInt32(1)...3 {
            try desk.request(0, request, from: 2)
            try desk.hear(.cancel(Desk.content, request: RequestNumber(request)), from: 2)
        }
        try desk.request(1, 9, from: 2)
        _ = desk.stepReading()
        desk.sent(9, to: 2)
        #expect(Desk.offers(desk.drain()).map(\.pieces) == [[0]])
    }

    @Test func theRarestPieceIsOfferedFirst() throws {
        var desk = Desk.cooperative(4, owned: false, perOffer: 1)
        desk.store(0, 1, 2, 3)
        try desk.meet(1, "....")
        try desk.meet(2, "##.#", isInterested: false)
        try desk.meet(3, "##..", isInterested: false)
        #expect(Desk.offers(desk.stepReading()).map(\.pieces) == [[2]])
    }

    @Test func onlyStoredPiecesAreOffered() throws {
        var desk = Desk.cooperative(9, owned: false)
        try desk.meet(1)
        #expect(desk.offers() == [])
        desk.store(4)
        #expect(desk.offers().map(\.pieces) == [[4]])
    }

    @Test func aDeclineNamesThePiecesThatAreHeld() throws {
        var desk = Desk.cooperative(6)
        try desk.meet(1, "....##")
        let offer = try #require(desk.offers().first)
        #expect(Set(offer.pieces) == [0, 1, 2, 3])
        try desk.decline(offer.number, held: [0, 1, 2], from: 1)
        let next = try #require(desk.offers().first)
        #expect(next.pieces == [3])
        try desk.decline(next.number, held: [3], from: 1)
        #expect(desk.offers() == [])
        desk.pass(.seconds(10))
        #expect(Desk.offers(desk.drain()) == [])
    }

    /// All of it is on its way to the receiver already, so it gets no offer for a moment.
    @Test func aDeclineOfNothingRests() throws {
        var desk = Desk.cooperative(6)
        try desk.meet(1)
        let offer = try #require(desk.offers().first)
        try desk.decline(offer.number, from: 1)
        desk.step()
        let alarm = try #require(desk.alarms.last)
        #expect(Desk.offers(desk.drain()) == [])
        #expect(alarm > desk.now)
        desk.pass(alarm - desk.now)
        #expect(Desk.offers(desk.drain()).map(\.to) == [1])
    }

    @Test func aDeclineOfPiecesThatDoNotExistIsRefused() throws {
        var desk = Desk.cooperative(6)
        try desk.meet(1)
        let offer = try #require(desk.offers().first)
        #expect(throws: WireError.malformed) {
            try desk.decline(offer.number, held: [6], from: 1)
        }
    }

    @Test func anOfferWithoutAnAnswerLapsesAndItsLinkRests() throws {
        var desk = Desk.cooperative(6)
        try desk.meet(1)
        desk.step()
        let patience = try #require(desk.alarms.last)
        let offer = try #require(Desk.offers(desk.drain()).first)
        try desk.meet(2)
        #expect(desk.offers() == [], "the only send is spoken for")
        desk.pass(patience - desk.now)
        #expect(desk.uploader.lapseCount == 1)
        let other = try #require(Desk.offers(desk.drain()).first)
        #expect(other.to == 2)
        // The late answer is a request like any other.
        try desk.decline(other.number, held: [0, 1, 2, 3, 4, 5], from: 2)
        #expect(desk.offers() == [], "rank 1 rests")
        desk.pass(.milliseconds(1900))
        #expect(Desk.offers(desk.drain()) == [])
        desk.pass(.milliseconds(100))
        let again = try #require(Desk.offers(desk.drain()).first)
        #expect(again.to == 1 && again.number != offer.number)
        try desk.request(offer.pieces[0], 1, offer: offer.number, from: 1)
        #expect(desk.stepReading().contains(.ack(UInt32(offer.pieces[0]), 1, to: 1)))
    }

    @Test func aRankCannotAnswerTheOffersOfOthers() throws {
        var desk = Desk.cooperative(6)
        try desk.meet(1)
        let offer = try #require(desk.offers().first)
        try desk.meet(2, isInterested: false)
        try desk.decline(offer.number, held: [], from: 2)
        desk.pass(.seconds(1))
        #expect(desk.uploader.lapseCount == 1)
    }

    @Test func aNeighbourThatLeftIsOfferedNothing() throws {
        var desk = Desk.cooperative(6)
        try desk.meet(1)
        #expect(desk.offers().map(\.to) == [1])
        desk.note(.neighbourGone(Rank(1)))
        #expect(desk.offers() == [])
        try desk.meet(2)
        #expect(desk.offers().map(\.to) == [2])
    }
}
