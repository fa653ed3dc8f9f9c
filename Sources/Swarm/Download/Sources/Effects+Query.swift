import Vocabulary
import Wire

extension Effects<DownloaderEffect> {
    /// Asks a rank for its pieces, and reports the pieces that are here.
    mutating func query(
        _ have: PieceSet, in range: Range<Int>? = nil, _ content: ContentID, at member: Rank
    ) {
        let range = range ?? 0..<have.capacity
        // A page of bits begins with a whole byte.
        var first = range.lowerBound / 8 * 8
        repeat {
            let count = min(BitPage.pieceCountMax, range.upperBound - first)
            let tail = tail { $0.writeBits(of: have, first: first, count: count) }
            let message = UploadMessage.piecesQuery(
                content, first: UInt32(first), count: UInt32(count))
            append(.send(.upload(message), tail, to: member))
            first += count
        } while first < range.upperBound
    }
}
