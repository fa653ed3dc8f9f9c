package import Vocabulary

/// What a downloader tells the uploader of the same rank.
package enum UploaderNote: Equatable, Sendable {
    case contentOpened(ContentID, Geometry, held: PieceSet)
    /// The piece is verified and written; `byteCount` bytes of it came from that rank.
    case pieceStored(PieceIndex, of: ContentID, from: Rank, byteCount: Int)
    /// It was here all the time, and is what the publisher has.
    case pieceConfirmed(PieceIndex, of: ContentID)
    /// It was not what it should be, and is not held any more.
    case pieceDropped(PieceIndex, of: ContentID)
    /// What a neighbour holds; it wants to hear what we get.
    case neighbourHolds(Rank, PieceSet, of: ContentID)
    case neighbourGot(Rank, PieceHandful, of: ContentID)
    /// A neighbour decides itself what it gives us.
    case neighbourOffers(Rank)
    /// A neighbour has left.
    case neighbourGone(Rank)
    /// It lies here no longer.
    case contentGone(ContentID)
    /// We have left, but may come again.
    case away
    /// We have come again.
    case back
    /// We have all we wanted, and leave when nobody needs what we alone have.
    case ready
    /// We leave.
    case leaving
    /// No tracker says when the job is over: serve while somebody asks, and then say so. Or one
    /// does again.
    case lingering(Bool)

    /// Nothing has to be done about it now: it is enough to know it by the time of the next
    /// decision.
    package var isOnlyNews: Bool {
        switch self {
        case .neighbourGot, .neighbourOffers: true
        case .contentOpened, .pieceStored, .pieceConfirmed, .pieceDropped, .neighbourHolds,
            .neighbourGone, .ready, .leaving, .lingering, .contentGone, .away, .back:
            false
        }
    }
}
