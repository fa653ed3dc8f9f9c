import Testing
import Vocabulary

@testable import Swarm

struct OfferBookTests {
    private func book(_ links: Int...) -> OfferBook {
        var book = OfferBook(UploaderRules(tracker: Rank(0)))
        for (second, link) in links.enumerated() {
            let number = book.add(
                PieceIndex(link), of: 0, to: link, places: 0,
                now: Tick.zero + .seconds(second))
            #expect(number == UInt32(second + 1))
        }
        return book
    }

    @Test func onlyTheReceiverOfAnOfferAnswersIt() {
        var book = book(4, 5)
        let answers = [5, 4, 4].map { book.answered(1, by: $0, now: .zero)?.link }
        #expect(answers == [nil, 4, nil], "it is answered once")
        #expect(book.rows.map(\.link) == [5])
    }

    @Test func anOfferLapsesWhenAnAnswerTakesTooLong() throws {
        var book = book(4, 5)
        let first = try #require(book.rows.first)
        let end = book.end(of: first)
        let lapsed = [Tick.zero, end, end].map { book.lapse(now: $0)?.link }
        #expect(lapsed == [nil, 4, nil] && book.lapseCount == 1)
    }

    @Test func quickAnswersShortenThePatience() throws {
        var book = book(4, 5)
        let before = book.end(of: try #require(book.rows.last))
        _ = book.answered(1, by: 4, now: Tick.zero + .milliseconds(1))
        #expect(book.end(of: try #require(book.rows.last)) < before)
    }

    /// Its receiver answers when it has room, which says nothing of the network.
    @Test func anOfferThatMayWaitIsKeptForSeveralPieces() throws {
        var book = book(4)
        _ = book.answered(1, by: 4, now: Tick.zero + .milliseconds(1))
        book.pieceTime = .seconds(2)
        let start = Tick.zero + .seconds(10)
        _ = book.add(PieceIndex(0), of: 0, to: 5, places: 6, now: start)
        let offer = try #require(book.rows.last)
        #expect(book.freshEnd(of: offer) == start + .milliseconds(2))
        #expect(book.isFresh(offer, now: start + .milliseconds(1)))
        #expect(!book.isFresh(offer, now: start + .milliseconds(2)))
        #expect(book.end(of: offer) == start + .seconds(24))
    }

    @Test func allOffersToALinkAreDropped() {
        var book = book(4, 5, 4)
        var dropped = 0
        while book.drop(to: 4) != nil { dropped += 1 }
        #expect(dropped == 2 && book.rows.map(\.link) == [5])
    }
}
