package import Vocabulary

/// A report of a downloader to the uploader of the same rank.
package enum UploaderNote: Equatable, Sendable {
    case contentOpened(ContentID, Geometry, held: PieceSet)
    /// The piece is verified and written; `byteCount` bytes of it came from that rank and took that
    /// time.
    case pieceStored(PieceIndex, of: ContentID, from: Rank, byteCount: Int, in: Duration)
    /// The piece was here from the start, and is the same as the publisher's.
    case pieceConfirmed(PieceIndex, of: ContentID)
    /// The piece was wrong, and is no longer held.
    case pieceDropped(PieceIndex, of: ContentID)
    /// The pieces that a neighbour holds. It wants to learn which pieces arrive here.
    case neighbourHolds(Rank, PieceSet, of: ContentID)
    case neighbourGot(Rank, PieceHandful, of: ContentID)
    /// The neighbour itself decides what it offers to this rank.
    case neighbourOffers(Rank)
    /// The neighbour has left.
    case neighbourGone(Rank)
    /// The content is no longer here.
    case contentGone(ContentID)
    /// This rank has left, but may come back.
    case away
    /// This rank is back.
    case back
    /// This rank leaves.
    case leaving
    /// True when no tracker is left to end the job: serve while any rank asks, and report when none
    /// does. False when a tracker is there again.
    case lingering(Bool)

    /// Whether the note needs no reaction now, but only has to be known at the next decision.
    package var isOnlyNews: Bool {
        switch self {
        case .neighbourGot, .neighbourOffers: true
        case .contentOpened, .pieceStored, .pieceConfirmed, .pieceDropped, .neighbourHolds,
            .neighbourGone, .leaving, .lingering, .contentGone, .away, .back:
            false
        }
    }
}
