import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Announcements to neighbours, and those that come from them.
struct UploaderNewsTests {
    private struct News: Equatable {
        let to: Int32
        let pieces: [Int]

        init(_ rank: Int32, _ pieces: Int...) {
            to = rank
            self.pieces = pieces
        }

        init(to rank: Int32, pieces: [Int]) {
            to = rank
            self.pieces = pieces
        }
    }

    private static func news(_ desk: inout Desk) -> [News] {
        desk.step()
        return desk.drain().compactMap { act in
            guard case .send(.have, let rank, let tail) = act else { return nil }
            return News(to: rank, pieces: Desk.pieces(tail))
        }
    }

    @Test func theNewPiecesOfAStepAreOneMessageToEachNeighbourThatLacksThem() throws {
        var desk = Desk.cooperative(8, owned: false)
        try desk.meet(1, isInterested: false)
        try desk.meet(2, "##......", isInterested: false)
        desk.store(0, 1, 5)
        #expect(Self.news(&desk) == [News(1, 0, 1, 5), News(2, 0, 1, 5)])
        #expect(Self.news(&desk) == [])
    }

    /// A neighbour that has the piece learns of it with the next announcement, or when there are
    /// many.
    @Test func aNeighbourThatHasThePieceIsToldLater() throws {
        var desk = Desk(40, owned: false) {
            $0.serving = .cooperative
            $0.untoldMax = 3
        }
        try desk.meet(1, "####################", isInterested: false)
        desk.store(0)
        #expect(Self.news(&desk) == [])
        desk.store(1)
        #expect(Self.news(&desk) == [])
        desk.store(30)
        #expect(Self.news(&desk) == [News(1, 0, 1, 30)])
        desk.store(2, 3)
        #expect(Self.news(&desk) == [])
        desk.store(4)
        #expect(Self.news(&desk) == [News(1, 2, 3, 4)])
    }

    /// A source that offers its own content can offer missing pieces only if it knows which are
    /// here.
    @Test func aSourceThatMakesOffersIsToldOfAFewPiecesAtATime() throws {
        var desk = Desk(8, owned: false) { $0.serving = .titForTat }
        try desk.meet(1, "########", isInterested: false)
        try desk.meet(2, "########", isInterested: false)
        desk.note(.neighbourOffers(Rank(1)))
        for piece in 0..<3 {
            desk.store(piece)
            #expect(Self.news(&desk) == [])
        }
        desk.store(3)
        #expect(Self.news(&desk) == [News(1, 0, 1, 2, 3)])
    }

    /// If others decide what to ask for, a neighbour that has a piece has no use for the
    /// announcement.
    @Test func onlyNeighboursThatLackAPieceAreToldIfTheyAsk() throws {
        var desk = Desk(40, owned: false) {
            $0.serving = .onRequest
            $0.untoldMax = 3
        }
        try desk.meet(1, "##########", isInterested: false)
        desk.store(0, 1, 2, 3, 4)
        #expect(Self.news(&desk) == [])
        desk.store(5, 20)
        #expect(Self.news(&desk) == [News(1, 20)])
    }

    @Test func theSenderOfAPieceIsNotToldOfItAtOnce() throws {
        var desk = Desk.cooperative(8, owned: false)
        try desk.meet(1, "###.....", isInterested: false)
        try desk.meet(2, isInterested: false)
        desk.store(2, from: 1)
        #expect(Self.news(&desk) == [News(2, 2)])
    }

    @Test func aNeighbourThatAnnouncedAPieceIsNotToldOfIt() throws {
        var desk = Desk.cooperative(8, owned: false)
        try desk.meet(1, isInterested: false)
        desk.note(.neighbourGot(Rank(1), PieceHandful(PieceIndex(3)), of: Desk.content))
        desk.store(3)
        #expect(Self.news(&desk) == [])
        // A piece that does not exist changes nothing.
        desk.note(.neighbourGot(Rank(1), PieceHandful(PieceIndex(8)), of: Desk.content))
        desk.store(4)
        #expect(Self.news(&desk) == [News(1, 3, 4)])
    }

    @Test func aPieceIsAnnouncedOnce() throws {
        var desk = Desk.cooperative(8, owned: false)
        try desk.meet(1, isInterested: false)
        desk.store(3)
        desk.store(3)
        #expect(Self.news(&desk) == [News(1, 3)])
        desk.store(3)
        #expect(Self.news(&desk) == [])
    }

    @Test func aNeighbourThatLeftIsToldNothing() throws {
        var desk = Desk.cooperative(8, owned: false)
        try desk.meet(1, isInterested: false)
        try desk.meet(2, isInterested: false)
        desk.note(.neighbourGone(Rank(1)))
        desk.note(.neighbourGone(Rank(7)))
        desk.store(3)
        #expect(Self.news(&desk) == [News(2, 3)])
    }

    /// A query also reports the pieces of its sender.
    @Test func aRankThatAsksIsANeighbourFromThenOn() throws {
        var desk = Desk.cooperative(10, owned: false)
        desk.store(0, 9)
        _ = Self.news(&desk)
        try desk.hear(.piecesQuery(Desk.content, first: 0, count: 10), tail: [0b110, 0], from: 4)
        var pieces = PieceSet(none: 10)
        pieces.insert(PieceIndex(1))
        pieces.insert(PieceIndex(2))
        let answer = DownloadMessage.bitfield(Desk.content, first: 0, count: 10, stance: .offering)
        #expect(
            desk.drain() == [
                .tell(.introduced(Rank(4), pieces, of: Desk.content)),
                .send(answer, to: 4, tail: [1, 2]),
            ])
        desk.store(5)
        #expect(Self.news(&desk) == [News(4, 5)])
    }

    @Test func aQueryForAnUnknownContentIsAnsweredToo() throws {
        var desk = Desk.cooperative(10)
        let other = ContentID(high: 1, low: 1)
        try desk.hear(.piecesQuery(other, first: 0, count: 3), tail: [0], from: 4)
        let answer = DownloadMessage.bitfield(other, first: 0, count: 0, stance: .offering)
        #expect(desk.drain() == [.send(answer, to: 4)])
    }

    @Test(arguments: [(UInt32(0), UInt32(11)), (4, 4), (8, 3), (0, 9)])
    func aQueryBeyondTheContentIsRefused(first: UInt32, count: UInt32) throws {
        var desk = Desk.cooperative(10)
        let tail: [UInt8] = count == 9 ? [0, 2] : [UInt8](repeating: 0, count: Int(count + 7) / 8)
        #expect(throws: WireError.malformed) {
            try desk.hear(
                .piecesQuery(Desk.content, first: first, count: count), tail: tail, from: 4)
        }
    }
}
