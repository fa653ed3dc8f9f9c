package import Vocabulary
package import Wire

/// What an uploader tells the downloader of the same rank.
package enum DownloaderNote: Equatable, Sendable {
    /// A neighbour asked what we hold, and said what it holds itself.
    case introduced(Rank, PieceSet, of: ContentID)
    /// It cannot be read back: we are no seed of that content any more.
    case pieceLost(PieceIndex, of: ContentID)
    /// No neighbour needs this rank: it may leave if it wants to.
    case dispensable
    /// Everybody is done: send the last report and leave.
    case stopping
    /// A user's.
    case ordered(LiveOrder)
    /// Messages of this rank make no sense, or flood this one, and no more of them are read.
    case accused(Rank, Complaint)
    /// A rank has ended, and its supervisor or its socket says so: that is certain.
    case died(Rank)
}
