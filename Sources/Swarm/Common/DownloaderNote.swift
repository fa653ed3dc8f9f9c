package import Vocabulary
package import Wire

/// A report of an uploader to the downloader of the same rank.
package enum DownloaderNote: Equatable, Sendable {
    /// A neighbour asked which pieces this rank holds, and sent those that it holds itself.
    case introduced(Rank, PieceSet, of: ContentID, isLast: Bool)
    /// The piece cannot be read back, so this rank is no longer a seed of that content.
    case pieceLost(PieceIndex, of: ContentID)
    /// All peers are done: send the last report and leave.
    case stopping
    /// The same, and the source of this rank, which was collected, may be removed.
    case collected
    /// An order of a user.
    case ordered(LiveOrder)
    /// The messages of that rank make no sense, or flood this rank, and no more of them are read.
    case accused(Rank, Complaint)
    /// That rank has died: its supervisor or its socket reported it, so it is certain.
    case died(Rank)
    /// What the upload thread has done so far.
    case worked(WorkTotals)
}
