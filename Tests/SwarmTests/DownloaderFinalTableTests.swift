import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Ranks that have compared a part of the publisher's table, and wait for the rest.
struct DownloaderFinalTableTests {
    private struct Stall: Equatable {
        let missing: UInt32
        let isInDoubt: Bool
    }

    /// A part of the table has shown that a piece is wrong, and the rest never comes. Until then no
    /// piece is fetched, and any rank with the same table can send the rest.
    @Test(arguments: [true, false])
    func aRankWithWrongPiecesWaitsOnlyForAFinalTable(isFinal: Bool) throws {
        var client = try Client.published(by: 1) {
            $0.held = PieceSet(all: 3)
            $0.believed.insert(PieceIndex(1))
        }
        if isFinal {
            try client.hear(.seal(Client.content), tail: [UInt8](repeating: 9, count: 16))
            client.stored(.unproven(Client.content))
        }
        let digest = [UInt8](repeating: 5, count: 16)
        try client.hear(.table(Client.content, first: 0, count: 1), tail: digest, from: 1)
        client.stored(.compared(Client.content, wrong: [PieceIndex(0)]))
        _ = client.drain()
        try client.pass(.seconds(3))
        let stalls = client.drain().compactMap { effect -> Stall? in
            guard case .send(.tracker(.stalled(_, let missing, let print, _)), _, _) = effect
            else { return nil }
            return Stall(missing: missing, isInDoubt: print == StallReport.inDoubt)
        }
        let expected = Stall(missing: isFinal ? 0 : 1, isInDoubt: isFinal)
        #expect(!stalls.isEmpty && stalls.allSatisfy { $0 == expected })
    }
}
