package import Vocabulary
package import Wire

/// An answer of a downloader to an order of a user.
package enum LiveNews: Equatable, Sendable {
    case catalog(OrderTicket, [CatalogEntry])
    case roll(OrderTicket, [RollEntry])
    case status(OrderTicket, [TransferStatus])
    /// The pieces that a rank holds; nil if the rank does not know the content.
    case holding(OrderTicket, PieceSet?)
    /// A join or a leave is done.
    case done(OrderTicket)
    case delivered(OrderTicket, ContentID)
    case failed(OrderTicket, FailureReason)
}

/// The progress of a file that is being fetched.
package struct TransferStatus: Equatable, Sendable {
    package let ticket: OrderTicket
    package let name: RelativePath
    /// Nil while the content is unknown.
    package let content: ContentID?
    package let held: ByteCount
    package let size: ByteCount
    /// The number of sources that accept requests of this rank.
    package let sources: Int
}
