import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The outcomes of requests: served, cancelled, refused, or cut short by a choke.
struct UploaderRequestTests {
    /// An uploader whose only slot is the optimistic one.
    private static func choking(links: Int32, owned: Bool = true) throws -> UploaderFixture {
        var fixture = UploaderFixture(20, owned: owned) {
            $0.serving = .titForTat
            $0.preferredMax = 0
        }
        for rank in 1...links { try fixture.meet(rank) }
        return fixture
    }

    private static func unchoked(_ acts: [Act]) -> [Int32] {
        acts.compactMap { if case .send(.unchoke, let rank, _) = $0 { rank } else { nil } }
    }

    private static func choked(_ acts: [Act]) -> [Int32] {
        acts.compactMap { if case .send(.choke, let rank, _) = $0 { rank } else { nil } }
    }

    @Test func aRequestIsReadThenPromisedThenSent() throws {
        var fixture = UploaderFixture(4) { $0.serving = .onRequest }
        try fixture.request(2, 1, from: 5)
        #expect(fixture.drain() == [])
        fixture.step()
        let ticket = ReadTicket(1)
        #expect(fixture.drain() == [.read(2, ticket)])
        fixture.step()
        #expect(fixture.drain() == [])
        fixture.readDone(ticket)
        fixture.step()
        #expect(fixture.drain() == [.ack(2, 1, to: 5), .sendPayload(ticket, to: 5, 1)])
        fixture.sent(1, to: 5)
        #expect(fixture.drain() == [] && fixture.uploader.sends.isEmpty)
    }

    @Test func requestsThatCannotBeServedAreRefused() throws {
        var fixture = UploaderFixture(4, owned: false) { $0.serving = .onRequest }
        fixture.store(1)
        try fixture.request(2, 1, from: 5)
        try fixture.request(4, 2, from: 5)
        #expect(fixture.drain() == [.nack(2, 1, .notHeld, to: 5), .nack(4, 2, .notHeld, to: 5)])
        let other = ContentID(high: 1, low: 1)
        let number = RequestNumber(3)
        try fixture.hear(.request(other, piece: 1, run: 1, request: number, offer: 0), from: 5)
        #expect(
            fixture.drain() == [
                .send(.nack(other, piece: 1, request: number, .noSuchContent), to: 5)
            ])
        #expect(throws: WireError.malformed) {
            try fixture.hear(
                .request(UploaderFixture.content, piece: 1, run: 2, request: number, offer: 0),
                from: 5)
        }
        try fixture.request(1, 4, from: 5)
        fixture.step()
        #expect(fixture.drain() == [.read(1, ReadTicket(1))])
        fixture.readDone(ReadTicket(1), isGood: false)
        let acts = fixture.drain()
        #expect(acts.contains(.nack(1, 4, .unreadable, to: 5)))
        #expect(!acts.contains(.release(ReadTicket(1))), "nothing was read")
    }

    @Test func theNumberOfWaitingRequestsIsLimited() throws {
        var fixture = UploaderFixture(4) {
            $0.serving = .onRequest
            $0.requestsPerLinkMax = 3
        }
        for request: UInt32 in 1...5 { try fixture.request(0, request, from: 5) }
        #expect(fixture.drain() == [.nack(0, 4, .tooMany, to: 5), .nack(0, 5, .tooMany, to: 5)])
        try fixture.request(0, 1, from: 6)
        #expect(fixture.drain() == [], "each neighbour has its own share")
    }

    /// A flood of one request would otherwise begin a send that the receiver never takes.
    @Test func aRequestIsServedOnceHoweverOftenItComes() throws {
        var fixture = UploaderFixture(4) { $0.serving = .onRequest }
        try fixture.request(0, 1, from: 6)
        _ = fixture.stepReading()
        try fixture.request(0, 1, from: 6)
        #expect(fixture.stepReading() == [], "it is being served")
        fixture.sent(1, to: 6)
        try fixture.request(0, 1, from: 6)
        #expect(fixture.stepReading() == [], "it was served")
        try fixture.request(1, 2, from: 6)
        #expect(fixture.stepReading().contains(.ack(1, 2, to: 6)))
    }

    @Test func aCancelIsAnsweredUnlessThePieceIsBeingSent() throws {
        var fixture = UploaderFixture.cooperative(4)
        for (request, rank) in [(UInt32(1), Int32(1)), (2, 2), (3, 3)] {
            try fixture.request(0, request, from: rank)
        }
        fixture.step()
        #expect(fixture.drain() == [.read(0, ReadTicket(1)), .read(0, ReadTicket(2))])
        fixture.readDone(ReadTicket(1))
        fixture.step()
        #expect(fixture.drain() == [.ack(0, 1, to: 1), .sendPayload(ReadTicket(1), to: 1, 1)])
        try fixture.hear(.cancel(UploaderFixture.content, request: RequestNumber(1)), from: 1)
        #expect(fixture.drain() == [], "it is being sent")
        try fixture.hear(.cancel(UploaderFixture.content, request: RequestNumber(2)), from: 3)
        #expect(fixture.drain() == [], "it is not its own")
        try fixture.hear(.cancel(UploaderFixture.content, request: RequestNumber(2)), from: 2)
        #expect(fixture.drain() == [.release(ReadTicket(2)), .nack(0, 2, .cancelled, to: 2)])
        fixture.readDone(ReadTicket(2))
        #expect(fixture.drain() == [.release(ReadTicket(2))])
        fixture.sent(1, to: 1)
        #expect(fixture.drain() == [.read(0, ReadTicket(3))])
        fixture.readDone(ReadTicket(3))
        fixture.step()
        #expect(fixture.drain() == [.ack(0, 3, to: 3), .sendPayload(ReadTicket(3), to: 3, 3)])
    }

    @Test func aChokedRankIsRefused() throws {
        var fixture = try Self.choking(links: 3)
        try fixture.request(0, 1, from: 2)
        #expect(fixture.drain() == [.nack(0, 1, .choked, to: 2)])
    }

    /// Each neighbour is told once when it may ask and once when it may not, and nothing twice.
    @Test func chokesAndUnchokesAreSentOnce() throws {
        var fixture = try Self.choking(links: 5)
        var open: Set<Int32> = []
        var turns: [Int32] = []
        for _ in 0..<50 {
            fixture.pass(.seconds(10))
            let acts = fixture.drain()
            for rank in Self.choked(acts) { #expect(open.remove(rank) != nil) }
            for rank in Self.unchoked(acts) { #expect(open.insert(rank).inserted) }
            #expect(open.count == 1)
            turns += Self.unchoked(acts)
            fixture.pass(.seconds(3))
            #expect(fixture.drain() == [])
        }
        #expect(Set(turns[0..<5]).count == 5)
    }

    /// Sends under way are finished; waiting requests are refused, so that others can be asked.
    @Test func aChokeLosesNoRequest() throws {
        var fixture = try Self.choking(links: 2)
        fixture.pass(.seconds(10))
        let rank = try #require(Self.unchoked(fixture.drain()).first)
        for request: UInt32 in 1...3 { try fixture.request(Int(request), request, from: rank) }
        #expect(fixture.stepReading().contains(.ack(1, 1, to: rank)))
        fixture.pass(.seconds(10))
        let acts = fixture.drain()
        #expect(Self.choked(acts) == [rank])
        #expect(acts.contains(.nack(2, 2, .choked, to: rank)))
        #expect(acts.contains(.nack(3, 3, .choked, to: rank)))
        #expect(!acts.contains(.nack(1, 1, .choked, to: rank)))
        #expect(fixture.uploader.sends.map(\.request.raw) == [1])
        fixture.sent(1, to: rank)
        #expect(fixture.uploader.sends.isEmpty)
    }

    /// Five neighbours may be served at once, so the many requests of the first delay no other.
    @Test func everyUnchokedNeighbourIsSentSomething() throws {
        var fixture = UploaderFixture(20) {
            $0.serving = .titForTat
            $0.preferredMax = 4
        }
        for rank: Int32 in 1...5 { try fixture.meet(rank) }
        fixture.pass(.seconds(10))
        #expect(Set(Self.unchoked(fixture.drain())) == [1, 2, 3, 4, 5])
        for rank: Int32 in 1...5 {
            for request: UInt32 in 1...8 { try fixture.request(Int(request), request, from: rank) }
        }
        let acts = fixture.stepReading()
        for rank: Int32 in 1...5 { #expect(acts.contains(.ack(1, 1, to: rank))) }
        #expect(acts.count { if case .sendPayload = $0 { true } else { false } } == 5)
    }

    @Test func bytesGivenEarnASlot() throws {
        var fixture = UploaderFixture(20, owned: false) {
            $0.serving = .titForTat
            $0.preferredMax = 1
            $0.optimisticUnchokingInterval = .seconds(1000)
        }
        fixture.store(0)
        for rank: Int32 in 1...6 { try fixture.meet(rank) }
        fixture.pass(.seconds(10))
        _ = fixture.drain()
        for giver: Int32 in [4, 2, 5, 4] {
            fixture.store(Int(giver), from: giver)
            fixture.store(Int(giver) + 7, from: giver)
            fixture.pass(.seconds(10))
            #expect(fixture.uploader.links.filter { !$0.isChoked }.map(\.rank.raw).contains(giver))
        }
    }

    /// A number that only grows must not be a way to crash an uploader.
    @Test func askingForOnePieceForEverIsHarmless() throws {
        var uploader = UploaderFixture(2) { $0.serving = .onRequest }
        for request in UInt32(1)...70_000 { try uploader.requestAndCancel(request) }
        try uploader.request(0, 1, from: 5)
        #expect(uploader.stepReading().contains(.ack(0, 1, to: 5)))
    }

    @Test func servingOnePieceForEverIsHarmless() throws {
        var fixture = UploaderFixture(2) { $0.serving = .onRequest }
        for request in UInt32(1)...66_000 { try fixture.serve(request) }
        try fixture.request(0, 1, from: 5)
        #expect(fixture.stepReading().contains(.ack(0, 1, to: 5)))
    }

    @Test func aLeavingRankFinishesItsSendsAndRefusesTheRest() throws {
        var fixture = UploaderFixture.cooperative(4)
        for rank: Int32 in 1...3 {
            try fixture.meet(rank)
            try fixture.request(0, UInt32(rank), from: rank)
        }
        _ = fixture.stepReading()
        let sending = try #require(fixture.uploader.sends.first { $0.stage == .sending })
        fixture.note(.leaving)
        var acts = fixture.drain()
        for rank: Int32 in 1...3 {
            #expect(acts.contains(.send(.gone, to: rank)))
            let refusal = Act.nack(0, UInt32(rank), .shuttingDown, to: rank)
            #expect(acts.contains(refusal) == (UInt32(rank) != sending.request.raw))
        }
        fixture.step()
        #expect(!fixture.drain().contains(.ended))
        try fixture.request(1, 9, from: 2)
        try fixture.hear(
            .piecesQuery(UploaderFixture.content, first: 0, count: 4), tail: [0], from: 4)
        acts = fixture.drain()
        #expect(acts == [.nack(1, 9, .shuttingDown, to: 2), .send(.gone, to: 4)])
        fixture.sent(sending.request.raw, to: Int32(sending.request.raw))
        #expect(fixture.drain() == [.ended])
        #expect(fixture.uploader.isOver)
        fixture.step()
        #expect(fixture.drain() == [])
    }

    /// The lowest living rank takes over, which is none that is higher than this one, 99.
    @Test func onlyAnHeirThatIsNoHigherEndsTheServing() throws {
        var fixture = UploaderFixture(4) { $0.heirs = [Rank(4), Rank(100)] }
        #expect(throws: WireError.malformed) { try fixture.hear(.terminate, from: 5) }
        #expect(throws: WireError.malformed) { try fixture.hear(.terminate, from: 100) }
        #expect(!fixture.uploader.isOver)
        try fixture.hear(.terminate, from: 4)
        #expect(fixture.uploader.isOver)
    }

    /// The end of a job of tiny files overtakes the first message of a neighbour, without which
    /// this rank would not know that there is a connection.
    @Test(arguments: [true, false]) func theEndWaitsForGreetings(isHeard: Bool) throws {
        var fixture = UploaderFixture(4) {
            $0.greeters = [Rank(100), Rank(101)]
            $0.tellsHappenings = true
        }
        try fixture.greet(from: 100)
        _ = fixture.drain()
        try fixture.hear(.terminate, from: 0)
        fixture.step()
        #expect(fixture.drain() == [.tell(.stopping)])
        if isHeard {
            try fixture.greet(from: 101)
            #expect(fixture.drain() == [.happened(.met(Rank(101)))])
            fixture.step()
        } else {
            fixture.pass(.milliseconds(999))
            #expect(fixture.drain() == [])
            fixture.pass(.milliseconds(1))
        }
        #expect(fixture.drain() == [.ended])
        #expect(fixture.uploader.isOver)
    }

    @Test func onlyTheTrackerEndsTheServing() throws {
        var fixture = UploaderFixture.cooperative(4)
        #expect(throws: WireError.malformed) { try fixture.hear(.terminate, from: 1) }
        #expect(!fixture.uploader.isOver)
        try fixture.hear(.terminate, from: 0)
        #expect(fixture.drain() == [.tell(.stopping), .ended])
    }

    @Test func onlyTheTrackerPermitsTheRemovalOfASource() throws {
        var fixture = UploaderFixture.cooperative(4)
        #expect(throws: WireError.malformed) { try fixture.hear(.collected, from: 1) }
        try fixture.hear(.collected, from: 0)
        #expect(fixture.drain() == [.tell(.collected), .ended])
        try fixture.hear(.terminate, from: 0)
        #expect(fixture.drain() == [])
    }
}
