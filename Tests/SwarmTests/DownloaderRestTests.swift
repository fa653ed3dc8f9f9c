import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A downloader that sees the source and is asked to read what no other rank sends.
struct DownloaderRestTests {
    private static let publisher: Int32 = 1

    private static func standIn() throws -> Client {
        var client = try Client.published(by: publisher) { $0.standsBy = true }
        try client.bitfield("##.", from: publisher)
        return client
    }

    /// A rank that announces what it does not hold would keep those pieces in flight again and
    /// again, and this rank is asked a few times only.
    @Test func piecesThatAreInFlightAreReadToo() throws {
        var client = try Self.standIn()
        let asked = client.asks()
        #expect(Set(asked.map(\.piece)) == [0, 1])
        client.stored(.restIsHere(Client.content))
        let effects = client.drain()
        for asked in asked { #expect(effects.contains(Client.cancel(asked))) }
        for piece in 0..<3 {
            #expect(
                effects.contains(.tell(.pieceConfirmed(PieceIndex(piece), of: Client.content))))
        }
        #expect(client.transfer.board.have.isFull)
        #expect(client.transfer.stage == .proving)
        // The source had sent its promise before it heard that the piece is no longer wanted.
        try client.ack(asked[0])
        client.payload(asked[0])
        #expect(client.drain().contains(.discard(RequestNumber(asked[0].number))))
    }

    /// Its bytes are at the store, which will answer.
    @Test func aPieceThatIsBeingWrittenIsLeftToTheStore() throws {
        var client = try Self.standIn()
        let asked = client.asks()
        try client.ack(asked[0])
        client.payload(asked[0])
        client.stored(.restIsHere(Client.content))
        _ = client.drain()
        #expect(client.transfer.board.inFlightCount == 1)
        client.kept(asked[0])
        #expect(client.transfer.board.have.isFull)
        #expect(client.transfer.stage == .proving)
    }
}
