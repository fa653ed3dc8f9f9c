import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The harm that wrong and hostile ranks can do, and its limits.
struct DownloaderTrustTests {
    private static let all = String(repeating: "#", count: 12)

    @Test func aSourceOfABadPieceIsNotAskedForThisContentAgain() throws {
        var client = try Client.fetching(12, [1: Self.all, 2: Self.all])
        let asked = try #require(client.asks().first { $0.to == 1 })
        try client.ack(asked)
        client.payload(asked)
        client.bad(asked)
        client.step()
        let effects = client.drain()
        #expect(effects.contains(Client.sent(.notInterested(Client.content), to: 1)))
        #expect(Client.asks(effects).allSatisfy { $0.to == 2 })
        #expect(effects.contains(Client.told(.accused(Rank(1), .wrongPieces))))
        #expect(client.downloader.totals.violations == 1)
        #expect(client.downloader.branches.drops == 0)
        try client.hear(.unchoke(offers: false), from: 1)
        try client.bitfield(Self.all, from: 1)
        try client.swarm(seeds: [1, 2], peers: [])
        try client.pass(.seconds(3))
        #expect(Client.asks(client.drain()).allSatisfy { $0.to == 2 })
        try client.offer([9], from: 1)
        #expect(Client.asks(client.drain()) == [], "nor is anything taken that it offers")
    }

    private static func queried(_ client: inout Client) -> [Int32] {
        client.drain().compactMap { effect in
            if case .send(.upload(.piecesQuery), _, let rank) = effect { rank.raw } else { nil }
        }
    }

    private static func disappoint(_ client: inout Client, with asked: Asked) throws {
        try client.ack(asked)
        client.payload(asked)
        client.bad(asked)
        client.step()
        _ = client.drain()
    }

    /// A wrong piece that no rank could confirm may have come to an honest one, which passed it on.
    @Test func aSourceThatHasProvenItsCopySinceIsAskedAgain() throws {
        var client = try Client.fetching(12, [1: "###########."]) { $0.badPiecesMax = 9 }
        for asked in client.asks() { try Self.disappoint(&client, with: asked) }
        try client.swarm(seeds: [], peers: [1])
        #expect(Self.queried(&client) == [], "it is no seed yet")
        try client.swarm(seeds: [1], peers: [])
        #expect(Self.queried(&client) == [1])
        try client.bitfield(Self.all, from: 1)
        let again = client.asks()
        #expect(!again.isEmpty)
        for asked in again { try Self.disappoint(&client, with: asked) }
        try client.swarm(seeds: [1], peers: [])
        try client.bitfield(Self.all, from: 1)
        try client.pass(.seconds(3))
        #expect(Client.asks(client.drain()) == [], "a seed that sends wrong bytes is not honest")
    }

    /// A refusal is followed by the bytes. If the buffer waited for a promise that never comes, a
    /// few such peers would take all buffers.
    @Test func aPayloadAfterARefusalHoldsNoBuffer() throws {
        var client = try Client.fetching(12, [1: Self.all])
        let asked = client.asks()[0]
        try client.nack(asked, .choked)
        #expect(client.drain().contains(.withdraw(RequestNumber(asked.number))))
        client.payload(asked)
        #expect(client.drain() == [.discard(RequestNumber(asked.number))])
        #expect(!client.downloader.requests.contains { $0.number.raw == asked.number })
    }

    @Test func aPieceOfTheWrongLengthIsBad() throws {
        var client = try Client.fetching(12, [1: Self.all])
        let asked = client.asks()[0]
        try client.ack(asked)
        client.payload(asked, byteCount: 9)
        #expect(client.drain().contains(.discard(RequestNumber(asked.number))))
        #expect(client.downloader.branches.badPieces == 1)
        #expect(client.transfer.queued.contains(PieceIndex(asked.piece)))
    }

    @Test func aSourceOfTwoBadPiecesIsDroppedEverywhere() throws {
        var client = try Client.fetching(12, [1: Self.all])
        for asked in client.asks() {
            try client.ack(asked)
            client.payload(asked)
            client.bad(asked)
        }
        #expect(client.downloader.branches.drops == 1)
        #expect(client.downloader.badPieces[Rank(1)] == 2)
        #expect(client.asks() == [])
        #expect(client.transfer.queued.isFull)
    }

    @Test func aPieceThatASourceLacksIsNotRequestedAgain() throws {
        var client = try Client.fetching(4, [1: "####"])
        let asked = client.asks()
        try client.nack(asked[0], .notHeld)
        #expect(client.drain().contains(.withdraw(RequestNumber(asked[0].number))))
        var pieces = client.asks().map(\.piece)
        for _ in 0..<5 {
            try client.pass(.seconds(1))
            pieces += Client.asks(client.drain()).map(\.piece)
        }
        #expect(!pieces.contains(0) && !pieces.isEmpty)
        try client.swarm(seeds: [], peers: [2])
        try client.bitfield("#...", from: 2)
        #expect(client.asks().map(\.piece) == [0])
    }

    @Test(arguments: [Refusal.noSuchContent, .shuttingDown])
    func aSourceWithoutPiecesIsNotAsked(refusal: Refusal) throws {
        var client = try Client.fetching(12, [1: Self.all])
        try client.nack(client.asks()[0], refusal)
        #expect(client.asks() == [])
        #expect(client.source(1)?.useful == 0)
    }

    @Test func aSourceWithTooManyRequestsGetsNoneForAWhile() throws {
        var client = try Client.fetching(12, [1: Self.all])
        let asked = client.asks()
        for one in asked { try client.nack(one, .tooMany) }
        #expect(client.asks() == [])
        try client.pass(.milliseconds(1900))
        #expect(Client.asks(client.drain()) == [])
        try client.pass(.milliseconds(200))
        #expect(Client.asks(client.drain()).count == 2)
    }

    /// A choke frees the requests that wait; payloads under way still arrive.
    @Test func aChokeLosesNoPiece() throws {
        var client = try Client.fetching(12, [1: Self.all, 2: Self.all])
        let asked = client.asks().filter { $0.to == 1 }
        try client.ack(asked[0])
        try client.hear(.choke, from: 1)
        try client.nack(asked[1], .choked)
        client.payload(asked[0])
        client.kept(asked[0])
        #expect(client.transfer.have.count == 1)
        var missing = Set(0..<12).subtracting([asked[0].piece])
        for _ in 0..<40 {
            try client.pass(.milliseconds(100))
            for one in Client.asks(client.drain()) {
                #expect(one.to == 2)
                missing.remove(one.piece)
                try client.deliver(one)
            }
            for one in client.downloader.requests where one.source == Rank(2) {
                let late = Asked(
                    to: 2, piece: one.piece.position, number: one.number.raw, offer: 0)
                missing.remove(late.piece)
                try client.deliver(late)
            }
        }
        #expect(missing.isEmpty && client.transfer.stage == .finishing)
    }

    /// The bytes are here already, and a later refusal cannot undo that.
    @Test func aRefusalDoesNotUndoAPieceThatIsBeingWritten() throws {
        var client = try Client.fetching(1, [1: "#"])
        let asked = client.asks()[0]
        try client.ack(asked)
        client.payload(asked)
        for refusal in Refusal.allCases { try client.nack(asked, refusal) }
        try client.hear(.gone, from: 1)
        client.kept(asked)
        #expect(client.transfer.stage == .finishing)
    }

    @Test func aRankCannotAnswerForAnother() throws {
        var client = try Client.fetching(1, [1: "#", 2: "#"])
        let asked = client.asks()[0]
        let other = Asked(
            to: 3 - asked.to, piece: asked.piece, number: asked.number, offer: 0)
        try client.ack(other)
        try client.nack(other, .notHeld)
        #expect(client.downloader.requests.map(\.stage) == [.asked])
        #expect(client.downloader.requests[0].acknowledgedAt == nil)
        let wrong = Asked(to: asked.to, piece: 5, number: asked.number, offer: 0)
        try client.ack(wrong)
        #expect(client.downloader.requests[0].acknowledgedAt == nil)
    }

    /// Messages that only a tracker sends are refused from any other rank.
    @Test(arguments: [
        DownloadMessage.fileListRequest, .joinAck(peers: 9), .aliveAck, .leaveAck,
        .swarmUnknown(want: WantNumber(0)), .swarmLost(Client.content, missing: 1),
        .swarm(Client.content, want: WantNumber(0), seeds: 0, peers: 0),
        .catalog(from: 0, entries: 0, isLast: true),
    ])
    func aPeerCannotSpeakForTheTracker(message: DownloadMessage) throws {
        var client = try Client.fetching(12, [1: Self.all])
        #expect(throws: WireError.malformed) { try client.hear(message, from: 1) }
        #expect(client.drain() == [])
        #expect(client.transfer.stage == .fetching)
    }

    @Test func aPeerIsNoProofThatTheTrackerLives() throws {
        var client = try Client.fetching(12, [1: Self.all])
        for _ in 0..<20 {
            try client.hear(.have(Client.content, count: 0), from: 1)
            try client.pass(.seconds(1), trackerLives: false)
        }
        #expect(client.downloader.isAbandoned)
        #expect(client.transfer.stage == .fetching)
        // Nor do they keep a transfer alive that gets nothing.
        for _ in 0..<24 {
            try client.hear(.have(Client.content, count: 0), from: 1)
            try client.pass(.seconds(1), trackerLives: false)
        }
        #expect(client.transfer.stage == .failed(.trackerLost))
        #expect(client.downloader.stage == .done)
        #expect(client.drain().contains(.tell(.lingering(true))))
        client.note(.stopping)
        #expect(client.downloader.stage == .over)
        #expect(client.downloader.isAbandoned)
    }

    @Test func aSourceThatLeftIsForgotten() throws {
        var client = try Client.fetching(12, [1: Self.all, 2: Self.all])
        let asked = client.asks()
        let promised = try #require(asked.first { $0.to == 1 })
        try client.ack(promised)
        try client.hear(.gone, from: 1)
        #expect(client.drain().contains(.tell(.neighbourGone(Rank(1)))))
        #expect(client.source(1)?.useful == 0)
        // A payload that it promised still arrives.
        client.payload(promised)
        client.kept(promised)
        #expect(client.transfer.have.contains(PieceIndex(promised.piece)))
        try client.hear(.gone, from: 2)
        #expect(client.source(2) == nil)
        #expect(client.transfer.inFlightCount == 0)
        try client.hear(.gone, from: 2)
        #expect(client.asks() == [])
    }
}
