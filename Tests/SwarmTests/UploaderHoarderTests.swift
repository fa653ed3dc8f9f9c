import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Receivers of a source that pass nothing on, for any reason.
struct UploaderHoarderTests {
    private static let pieceCount = 60

    /// The receivers of a source's pieces, and the further way of those pieces.
    private struct Spread {
        var fixture: UploaderFixture
        var sent: [Int32: [Int]] = [:]
        private var held: [Int32: Set<Int>] = [:]
        private var request: UInt32 = 0

        init(_ ranks: Int32..., pieceCount: Int = UploaderHoarderTests.pieceCount) throws {
            fixture = UploaderFixture.cooperative(pieceCount, perOffer: 1)
            for rank in ranks {
                try fixture.meet(rank)
                held[rank] = []
            }
        }

        func isComplete(_ rank: Int32) -> Bool {
            held[rank]?.count == UploaderHoarderTests.pieceCount
        }

        /// One piece goes to the receiver of the next offer, unless it is lost on the way, and from
        /// there to `others`.
        mutating func sendOne(
            losing isLost: (Int32) -> Bool = { _ in false }, passedOn others: (Int32) -> [Int32]
        ) throws {
            let offers = fixture.offers()
            let offer = try #require(offers.first)
            let piece = offer.pieces[0]
            request += 1
            try fixture.request(piece, request, offer: offer.number, from: offer.to)
            _ = fixture.stepReading()
            fixture.pass(.milliseconds(10))
            fixture.sent(request, to: offer.to)
            sent[offer.to, default: []].append(piece)
            guard !isLost(offer.to) else { return }
            for rank in [offer.to] + others(offer.to) { announce(piece, at: rank) }
        }

        private mutating func announce(_ piece: Int, at rank: Int32) {
            guard held[rank]?.insert(piece).inserted == true else { return }
            fixture.note(
                .neighbourGot(
                    Rank(rank), PieceHandful(PieceIndex(piece)), of: UploaderFixture.content))
        }
    }

    @Test func aHoarderWaitsForTheOthers() throws {
        var spread = try Spread(1, 2, 3)
        while !spread.isComplete(1) || !spread.isComplete(3) {
            try spread.sendOne { $0 == 2 ? [] : [1, 3] }
        }
        let sent = spread.sent.values.reduce(0) { $0 + $1.count }
        let kept = spread.sent[2, default: []].count
        #expect(kept >= FirstCopies.keptMax)
        #expect(kept <= FirstCopies.keptMax + sent / FirstCopies.sendsMax)
        #expect(sent <= Self.pieceCount + kept)
        while !spread.isComplete(2) { try spread.sendOne { _ in [] } }
    }

    /// What goes to a slow receiver fills a socket's memory and seems to be sent at once. If others
    /// got these pieces last, they would all wait for the source in the end.
    @Test func aPieceThatDoesNotArriveSoonGoesToAnotherBeforeTheRest() throws {
        var spread = try Spread(1, 2, 3, pieceCount: 200)
        for _ in 0..<180 { try spread.sendOne(losing: { $0 == 2 }, passedOn: { _ in [1, 3] }) }
        let first = Set(spread.sent[2, default: []])
        #expect(first.count >= FirstCopies.keptMax)
        let again = (spread.sent[1, default: []] + spread.sent[3, default: []]).filter {
            first.contains($0)
        }
        #expect(!again.isEmpty && Set(again).count == again.count)
    }

    @Test func receiversThatAllKeepTheirPiecesAreServedAlike() throws {
        var spread = try Spread(1, 2, 3)
        for _ in 0..<90 { try spread.sendOne { _ in [] } }
        #expect(spread.sent.count == 3 && spread.sent.values.allSatisfy { $0.count > 15 })
    }

    @Test func aReceiverThatPassesOnLateIsServedLikeTheOthers() throws {
        var spread = try Spread(1, 2, 3)
        while spread.sent[2, default: []].count < FirstCopies.keptMax {
            try spread.sendOne { $0 == 2 ? [] : [1, 3] }
        }
        for _ in 0..<10 { try spread.sendOne { $0 == 2 ? [] : [1, 3] } }
        #expect(spread.sent[2]?.count == FirstCopies.keptMax)
        let late = try #require(spread.sent[2]?.first)
        spread.fixture.note(
            .neighbourGot(Rank(3), PieceHandful(PieceIndex(late)), of: UploaderFixture.content))
        for _ in 0..<20 { try spread.sendOne { $0 == 2 ? [] : [1, 3] } }
        #expect(spread.sent[2, default: []].count > FirstCopies.keptMax)
    }

    /// A piece that the source itself sent to a second receiver proves nothing about the first one.
    @Test func aSecondCopyFromTheSourceExcusesNoReceiver() {
        var copies = FirstCopies()
        for piece in 0..<FirstCopies.keptMax {
            copies.gave(PieceIndex(piece), of: 100, to: 0, isFirst: true)
        }
        copies.gave(PieceIndex(3), of: 100, to: 1, isFirst: false)
        copies.got(PieceIndex(3), by: 1)
        #expect(copies.comesLast(0) && !copies.comesLast(1) && copies.hoarderCount == 1)
        copies.got(PieceIndex(4), by: 0)
        #expect(copies.comesLast(0), "its own word proves nothing")
        copies.got(PieceIndex(4), by: 1)
        #expect(!copies.comesLast(0) && copies.hoarderCount == 0)
        copies.checkInvariants()
    }

    @Test func aWaitingReceiverGetsItsTurn() {
        var copies = FirstCopies()
        var next = 0
        func gave(to link: Int) {
            copies.gave(PieceIndex(next), of: 100, to: link, isFirst: true)
            copies.got(PieceIndex(next), by: 2)
            next += 1
        }
        for piece in 90..<90 + FirstCopies.keptMax {
            copies.gave(PieceIndex(piece), of: 100, to: 0, isFirst: true)
        }
        for _ in 0..<FirstCopies.sendsMax {
            #expect(copies.comesLast(0))
            gave(to: 1)
        }
        #expect(!copies.comesLast(0) && copies.hoarderCount == 1)
        copies.gave(PieceIndex(99), of: 100, to: 0, isFirst: true)
        #expect(copies.comesLast(0))
        copies.checkInvariants()
    }
}
