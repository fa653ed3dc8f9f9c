import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The outcomes of requests: served, cancelled, refused, or cut short by a choke.
struct UploaderRequestTests {
    /// An uploader whose only slot is the optimistic one.
    private static func choking(links: Int32, owned: Bool = true) throws -> Desk {
        var desk = Desk(20, owned: owned) {
            $0.serving = .titForTat
            $0.preferredMax = 0
        }
        for rank in 1...links { try desk.meet(rank) }
        return desk
    }

    private static func unchoked(_ acts: [Act]) -> [Int32] {
        acts.compactMap { if case .send(.unchoke, let rank, _) = $0 { rank } else { nil } }
    }

    private static func choked(_ acts: [Act]) -> [Int32] {
        acts.compactMap { if case .send(.choke, let rank, _) = $0 { rank } else { nil } }
    }

    @Test func aRequestIsReadThenPromisedThenSent() throws {
        var desk = Desk(4) { $0.serving = .onRequest }
        try desk.request(2, 1, from: 5)
        #expect(desk.drain() == [])
        desk.step()
        let ticket = ReadTicket(1)
        #expect(desk.drain() == [.read(2, ticket)])
        desk.step()
        #expect(desk.drain() == [])
        desk.readDone(ticket)
        desk.step()
        #expect(desk.drain() == [.ack(2, 1, to: 5), .sendPayload(ticket, to: 5, 1)])
        desk.sent(1, to: 5)
        #expect(desk.drain() == [] && desk.uploader.sends.isEmpty)
    }

    @Test func requestsThatCannotBeServedAreRefused() throws {
        var desk = Desk(4, owned: false) { $0.serving = .onRequest }
        desk.store(1)
        try desk.request(2, 1, from: 5)
        try desk.request(4, 2, from: 5)
        #expect(desk.drain() == [.nack(2, 1, .notHeld, to: 5), .nack(4, 2, .notHeld, to: 5)])
        let other = ContentID(high: 1, low: 1)
        let number = RequestNumber(3)
        try desk.hear(.request(other, piece: 1, run: 1, request: number, offer: 0), from: 5)
        #expect(
            desk.drain() == [.send(.nack(other, piece: 1, request: number, .noSuchContent), to: 5)])
        #expect(throws: WireError.malformed) {
            try desk.hear(
                .request(Desk.content, piece: 1, run: 2, request: number, offer: 0), from: 5)
        }
        try desk.request(1, 4, from: 5)
        desk.step()
        #expect(desk.drain() == [.read(1, ReadTicket(1))])
        desk.readDone(ReadTicket(1), isGood: false)
        let acts = desk.drain()
        #expect(acts.contains(.nack(1, 4, .unreadable, to: 5)))
        #expect(!acts.contains(.release(ReadTicket(1))), "nothing was read")
    }

    @Test func theNumberOfWaitingRequestsIsLimited() throws {
        var desk = Desk(4) {
            $0.serving = .onRequest
            $0.requestsPerLinkMax = 3
        }
        for request: UInt32 in 1...5 { try desk.request(0, request, from: 5) }
        #expect(desk.drain() == [.nack(0, 4, .tooMany, to: 5), .nack(0, 5, .tooMany, to: 5)])
        try desk.request(0, 1, from: 6)
        #expect(desk.drain() == [], "each neighbour has its own share")
        try desk.request(0, 1, from: 6)
        #expect(desk.drain() == [.nack(0, 1, .tooMany, to: 6)], "a number twice")
    }

    @Test func aCancelIsAnsweredUnlessThePieceIsBeingSent() throws {
        var desk = Desk.cooperative(4)
        for (request, rank) in [(UInt32(1), Int32(1)), (2, 2), (3, 3)] {
            try desk.request(0, request, from: rank)
        }
        desk.step()
        #expect(desk.drain() == [.read(0, ReadTicket(1)), .read(0, ReadTicket(2))])
        desk.readDone(ReadTicket(1))
        desk.step()
        #expect(desk.drain() == [.ack(0, 1, to: 1), .sendPayload(ReadTicket(1), to: 1, 1)])
        try desk.hear(.cancel(Desk.content, request: RequestNumber(1)), from: 1)
        #expect(desk.drain() == [], "it is being sent")
        try desk.hear(.cancel(Desk.content, request: RequestNumber(2)), from: 3)
        #expect(desk.drain() == [], "it is not its own")
        try desk.hear(.cancel(Desk.content, request: RequestNumber(2)), from: 2)
        #expect(desk.drain() == [.release(ReadTicket(2)), .nack(0, 2, .cancelled, to: 2)])
        desk.readDone(ReadTicket(2))
        #expect(desk.drain() == [.release(ReadTicket(2))])
        desk.sent(1, to: 1)
        #expect(desk.drain() == [.read(0, ReadTicket(3))])
        desk.readDone(ReadTicket(3))
        desk.step()
        #expect(desk.drain() == [.ack(0, 3, to: 3), .sendPayload(ReadTicket(3), to: 3, 3)])
    }

    @Test func aChokedRankIsRefused() throws {
        var desk = try Self.choking(links: 3)
        try desk.request(0, 1, from: 2)
        #expect(desk.drain() == [.nack(0, 1, .choked, to: 2)])
    }

    /// Each neighbour is told once when it may ask and once when it may not, and nothing twice.
    @Test func chokesAndUnchokesAreSentOnce() throws {
        var desk = try Self.choking(links: 5)
        var open: Set<Int32> = []
        var turns: [Int32] = []
        for _ in 0..<50 {
            desk.pass(.seconds(10))
            let acts = desk.drain()
            for rank in Self.choked(acts) { #expect(open.remove(rank) != nil) }
            for rank in Self.unchoked(acts) { #expect(open.insert(rank).inserted) }
            #expect(open.count == 1)
            turns += Self.unchoked(acts)
            desk.pass(.seconds(3))
            #expect(desk.drain() == [])
        }
        #expect(Set(turns[0..<5]).count == 5)
    }

    /// Sends under way are finished; waiting requests are refused, so that others can be asked.
    @Test func aChokeLosesNoRequest() throws {
        var desk = try Self.choking(links: 2)
        desk.pass(.seconds(10))
        let rank = try #require(Self.unchoked(desk.drain()).first)
        for request: UInt32 in 1...3 { try desk.request(Int(request), request, from: rank) }
        #expect(desk.stepReading().contains(.ack(1, 1, to: rank)))
        desk.pass(.seconds(10))
        let acts = desk.drain()
        #expect(Self.choked(acts) == [rank])
        #expect(acts.contains(.nack(2, 2, .choked, to: rank)))
        #expect(acts.contains(.nack(3, 3, .choked, to: rank)))
        #expect(!acts.contains(.nack(1, 1, .choked, to: rank)))
        #expect(desk.uploader.sends.map(\.request.raw) == [1])
        desk.sent(1, to: rank)
        #expect(desk.uploader.sends.isEmpty)
    }

    /// Five neighbours may be served at once, so the many requests of the first delay no other.
    @Test func everyUnchokedNeighbourIsSentSomething() throws {
        var desk = Desk(20) {
            $0.serving = .titForTat
            $0.preferredMax = 4
        }
        for rank: Int32 in 1...5 { try desk.meet(rank) }
        desk.pass(.seconds(10))
        #expect(Set(Self.unchoked(desk.drain())) == [1, 2, 3, 4, 5])
        for rank: Int32 in 1...5 {
            for request: UInt32 in 1...8 { try desk.request(Int(request), request, from: rank) }
        }
        let acts = desk.stepReading()
        for rank: Int32 in 1...5 { #expect(acts.contains(.ack(1, 1, to: rank))) }
        #expect(acts.count { if case .sendPayload = $0 { true } else { false } } == 5)
    }

    @Test func bytesGivenEarnASlot() throws {
        var desk = Desk(20, owned: false) {
            $0.serving = .titForTat
            $0.preferredMax = 1
            $0.optimisticUnchokingInterval = .seconds(1000)
        }
        desk.store(0)
        for rank: Int32 in 1...6 { try desk.meet(rank) }
        desk.pass(.seconds(10))
        _ = desk.drain()
        for giver: Int32 in [4, 2, 5, 4] {
            desk.store(Int(giver), from: giver)
            desk.store(Int(giver) + 7, from: giver)
            desk.pass(.seconds(10))
            #expect(desk.uploader.links.filter { !$0.isChoked }.map(\.rank.raw).contains(giver))
        }
    }

    /// A number that only grows must not be a way to crash an uploader.
    @Test func askingForOnePieceForEverIsHarmless() throws {
        var uploader = Desk(2) { $0.serving = .onRequest }
        for request in UInt32(1)...70_000 { try uploader.requestAndCancel(request) }
        try uploader.request(0, 1, from: 5)
        #expect(uploader.stepReading().contains(.ack(0, 1, to: 5)))
    }

    @Test func servingOnePieceForEverIsHarmless() throws {
        var desk = Desk(2) { $0.serving = .onRequest }
        for request in UInt32(1)...66_000 { try desk.serve(request) }
        try desk.request(0, 1, from: 5)
        #expect(desk.stepReading().contains(.ack(0, 1, to: 5)))
    }

    @Test func aLeavingRankFinishesItsSendsAndRefusesTheRest() throws {
        var desk = Desk.cooperative(4)
        for rank: Int32 in 1...3 {
            try desk.meet(rank)
            try desk.request(0, UInt32(rank), from: rank)
        }
        _ = desk.stepReading()
        let sending = try #require(desk.uploader.sends.first { $0.stage == .sending })
        desk.note(.leaving)
        var acts = desk.drain()
        for rank: Int32 in 1...3 {
            #expect(acts.contains(.send(.gone, to: rank)))
            let refusal = Act.nack(0, UInt32(rank), .shuttingDown, to: rank)
            #expect(acts.contains(refusal) == (UInt32(rank) != sending.request.raw))
        }
        desk.step()
        #expect(!desk.drain().contains(.ended))
        try desk.request(1, 9, from: 2)
        try desk.hear(.piecesQuery(Desk.content, first: 0, count: 4), tail: [0], from: 4)
        acts = desk.drain()
        #expect(acts == [.nack(1, 9, .shuttingDown, to: 2), .send(.gone, to: 4)])
        desk.sent(sending.request.raw, to: Int32(sending.request.raw))
        #expect(desk.drain() == [.ended])
        #expect(desk.uploader.isOver)
        desk.step()
        #expect(desk.drain() == [])
    }

    /// The lowest living rank takes over, which is none that is higher than this one, 99.
    @Test func onlyAnHeirThatIsNoHigherEndsTheServing() throws {
        var desk = Desk(4) { $0.heirs = [Rank(4), Rank(100)] }
        #expect(throws: WireError.malformed) { try desk.hear(.terminate, from: 5) }
        #expect(throws: WireError.malformed) { try desk.hear(.terminate, from: 100) }
        #expect(!desk.uploader.isOver)
        try desk.hear(.terminate, from: 4)
        #expect(desk.uploader.isOver)
    }

    @Test func onlyTheTrackerEndsTheServing() throws {
        var desk = Desk.cooperative(4)
        #expect(throws: WireError.malformed) { try desk.hear(.terminate, from: 1) }
        #expect(!desk.uploader.isOver)
        try desk.hear(.terminate, from: 0)
        #expect(desk.drain() == [.tell(.stopping), .ended])
    }
}
