import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The announcements of a neighbour reach the uploader, all of them and in order.
struct DownloaderNewsTests {
    @Test(arguments: [0, 1, 3, 4, 5, 8, 11])
    func theUploaderHearsOfEachPieceOnce(count: Int) throws {
        var client = try Client.fetching(12, [2: "", 3: ""])
        let pieces = (0..<count).map { PieceIndex(11 - $0) }
        var tail: [UInt8] = []
        tail.write(pieces[...])
        try client.hear(.have(Client.content, count: UInt32(count)), tail: tail, from: 2)
        var told: [PieceIndex] = []
        for case .tell(.neighbourGot(let rank, let some, let content)) in client.drain() {
            #expect(rank == Rank(2) && content == Client.content)
            told += (0..<some.count).map { some[$0] }
        }
        #expect(told == pieces)
    }
}
