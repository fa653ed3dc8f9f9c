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

    private static func news(_ fixture: inout UploaderFixture) -> [News] {
        fixture.step()
        return fixture.drain().compactMap { act in
            guard case .send(.have, let rank, let tail) = act else { return nil }
            return News(to: rank, pieces: UploaderFixture.pieces(tail))
        }
    }

    @Test func theNewPiecesOfAStepAreOneMessageToEachNeighbourThatLacksThem() throws {
        var fixture = UploaderFixture.cooperative(8, owned: false)
        try fixture.meet(1, isInterested: false)
        try fixture.meet(2, "##......", isInterested: false)
        fixture.store(0, 1, 5)
        #expect(Self.news(&fixture) == [News(1, 0, 1, 5), News(2, 0, 1, 5)])
        #expect(Self.news(&fixture) == [])
    }

    /// A neighbour that has the piece learns of it with the next announcement, or when there are
    /// many.
    @Test func aNeighbourThatHasThePieceIsInformedLater() throws {
        var fixture = UploaderFixture(40, owned: false) {
            $0.serving = .cooperative
            $0.untoldMax = 3
        }
        try fixture.meet(1, "####################", isInterested: false)
        fixture.store(0)
        #expect(Self.news(&fixture) == [])
        fixture.store(1)
        #expect(Self.news(&fixture) == [])
        fixture.store(30)
        #expect(Self.news(&fixture) == [News(1, 0, 1, 30)])
        fixture.store(2, 3)
        #expect(Self.news(&fixture) == [])
        fixture.store(4)
        #expect(Self.news(&fixture) == [News(1, 2, 3, 4)])
    }

    /// A source that offers its own content can offer missing pieces only if it knows which are
    /// here.
    @Test func aSourceThatMakesOffersIsInformedOfAFewPiecesAtATime() throws {
        var fixture = UploaderFixture(8, owned: false) { $0.serving = .titForTat }
        try fixture.meet(1, "########", isInterested: false)
        try fixture.meet(2, "########", isInterested: false)
        fixture.note(.neighbourOffers(Rank(1)))
        for piece in 0..<3 {
            fixture.store(piece)
            #expect(Self.news(&fixture) == [])
        }
        fixture.store(3)
        #expect(Self.news(&fixture) == [News(1, 0, 1, 2, 3)])
    }

    /// If others decide what to ask for, a neighbour that has a piece has no use for the
    /// announcement.
    @Test func onlyNeighboursThatLackAPieceAreInformedIfTheyAsk() throws {
        var fixture = UploaderFixture(40, owned: false) {
            $0.serving = .onRequest
            $0.untoldMax = 3
        }
        try fixture.meet(1, "##########", isInterested: false)
        fixture.store(0, 1, 2, 3, 4)
        #expect(Self.news(&fixture) == [])
        fixture.store(5, 20)
        #expect(Self.news(&fixture) == [News(1, 20)])
    }

    @Test func theSenderOfAPieceIsNotInformedOfItAtOnce() throws {
        var fixture = UploaderFixture.cooperative(8, owned: false)
        try fixture.meet(1, "###.....", isInterested: false)
        try fixture.meet(2, isInterested: false)
        fixture.store(2, from: 1)
        #expect(Self.news(&fixture) == [News(2, 2)])
    }

    @Test func aNeighbourThatAnnouncedAPieceIsNotInformedOfIt() throws {
        var fixture = UploaderFixture.cooperative(8, owned: false)
        try fixture.meet(1, isInterested: false)
        fixture.note(
            .neighbourGot(Rank(1), PieceHandful(PieceIndex(3)), of: UploaderFixture.content))
        fixture.store(3)
        #expect(Self.news(&fixture) == [])
        // A piece that does not exist changes nothing.
        fixture.note(
            .neighbourGot(Rank(1), PieceHandful(PieceIndex(8)), of: UploaderFixture.content))
        fixture.store(4)
        #expect(Self.news(&fixture) == [News(1, 3, 4)])
    }

    @Test func aPieceIsAnnouncedOnce() throws {
        var fixture = UploaderFixture.cooperative(8, owned: false)
        try fixture.meet(1, isInterested: false)
        fixture.store(3)
        fixture.store(3)
        #expect(Self.news(&fixture) == [News(1, 3)])
        fixture.store(3)
        #expect(Self.news(&fixture) == [])
    }

    @Test func aNeighbourThatLeftGetsNoAnnouncements() throws {
        var fixture = UploaderFixture.cooperative(8, owned: false)
        try fixture.meet(1, isInterested: false)
        try fixture.meet(2, isInterested: false)
        fixture.note(.neighbourGone(Rank(1)))
        fixture.note(.neighbourGone(Rank(7)))
        fixture.store(3)
        #expect(Self.news(&fixture) == [News(2, 3)])
    }

    /// A query also reports the pieces of its sender.
    @Test func aRankThatAsksIsANeighbourFromThenOn() throws {
        var fixture = UploaderFixture.cooperative(10, owned: false)
        fixture.store(0, 9)
        _ = Self.news(&fixture)
        try fixture.hear(
            .piecesQuery(UploaderFixture.content, first: 0, count: 10), tail: [0b110, 0], from: 4)
        var pieces = PieceSet(none: 10)
        pieces.insert(PieceIndex(1))
        pieces.insert(PieceIndex(2))
        let answer = DownloadMessage.bitfield(
            UploaderFixture.content, first: 0, count: 10, stance: .offering)
        #expect(
            fixture.drain() == [
                .tell(.introduced(Rank(4), pieces, of: UploaderFixture.content, isLast: true)),
                .send(answer, to: 4, tail: [1, 2]),
            ])
        fixture.store(5)
        #expect(Self.news(&fixture) == [News(4, 5)])
    }

    @Test func aQueryForAnUnknownContentIsAnsweredToo() throws {
        var fixture = UploaderFixture.cooperative(10)
        let other = ContentID(high: 1, low: 1)
        try fixture.hear(.piecesQuery(other, first: 0, count: 3), tail: [0], from: 4)
        let answer = DownloadMessage.bitfield(other, first: 0, count: 0, stance: .offering)
        #expect(fixture.drain() == [.send(answer, to: 4)])
    }

    @Test(arguments: [(UInt32(0), UInt32(11)), (4, 4), (8, 3), (0, 9)])
    func aQueryBeyondTheContentIsRefused(first: UInt32, count: UInt32) throws {
        var fixture = UploaderFixture.cooperative(10)
        let tail: [UInt8] = count == 9 ? [0, 2] : [UInt8](repeating: 0, count: Int(count + 7) / 8)
        #expect(throws: WireError.malformed) {
            try fixture.hear(
                .piecesQuery(UploaderFixture.content, first: first, count: count), tail: tail,
                from: 4)
        }
    }
}
