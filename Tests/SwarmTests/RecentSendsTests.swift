import Testing
import Vocabulary

@testable import Swarm

struct RecentSendsTests {
    @Test func keepsTheLastOnesOnce() {
        var recent = RecentSends(countMax: 3, of: 10)
        for piece in [4, 5, 4, 6, 7, 7, 8] {
            recent.sent(PieceIndex(piece))
            recent.checkInvariants()
        }
        #expect((0..<10).filter { recent.contains(PieceIndex($0)) } == [6, 7, 8])
        recent.sent(PieceIndex(5))
        #expect((0..<10).filter { recent.contains(PieceIndex($0)) } == [5, 7, 8])
    }

    @Test func aWalkVisitsEachOnceOrStops() {
        var recent = RecentSends(countMax: 5, of: 10)
        for piece in 0..<9 { recent.sent(PieceIndex(piece)) }
        var chance = Chance(seed: 1)
        for _ in 0..<20 {
            var visited: [Int] = []
            let isDone = recent.walk(&chance) {
                visited.append($0.position)
                return true
            }
            #expect(isDone && visited.sorted() == [4, 5, 6, 7, 8])
            #expect(!recent.walk(&chance) { $0.position != 6 })
        }
    }

    @Test func nothingIsRecentWhereNothingIsKept() {
        var recent = RecentSends(countMax: 0, of: 10)
        recent.sent(PieceIndex(3))
        #expect(recent.isEmpty)
        recent.checkInvariants()
    }

    /// The fetch of a late receiver begins with pieces that the source need not read again.
    @Test(arguments: [0, 8])
    func aSourceSendsFirstWhatItHasInMemory(recentMax: Int) throws {
        var fixture = UploaderFixture(40) {
            $0.serving = .cooperative
            $0.piecesPerOffer = 1
            $0.recentByteCountMax = recentMax * 10
        }
        try fixture.meet(1)
        let first = try fixture.serveOffers(40)
        #expect(Set(first) == Set(0..<40))
        try fixture.meet(2)
        let second = try fixture.serveOffers(max(1, recentMax))
        if recentMax > 0 { #expect(Set(second) == Set(first.suffix(recentMax))) }
        // Nothing is left out.
        let rest = try fixture.serveOffers(40 - second.count)
        #expect(Set(second + rest) == Set(0..<40))
    }
}

extension UploaderFixture {
    /// Takes part as the receiver of that number of offers. Returns the pieces.
    fileprivate mutating func serveOffers(_ count: Int) throws -> [Int] {
        var pieces: [Int] = []
        for _ in 0..<count {
            let offer = try #require(offers().first)
            let (piece, request) = (offer.pieces[0], offer.number)
            try self.request(piece, request, offer: offer.number, from: offer.to)
            _ = stepReading()
            var held = PieceSet(none: 40)
            held.insert(PieceIndex(piece))
            note(.neighbourHolds(Rank(offer.to), held, of: Self.content))
            sent(request, to: offer.to)
            pieces.append(piece)
        }
        return pieces
    }
}
