package import Vocabulary
package import Wire

/// What a downloader answers to the orders of a user.
package enum LiveNews: Equatable, Sendable {
    case catalog(OrderTicket, [CatalogEntry])
    case roll(OrderTicket, [RollEntry])
    case status(OrderTicket, [TransferStatus])
    /// Nil where it knows nothing of it.
    case holding(OrderTicket, PieceSet?)
    /// A join or a leave is done.
    case done(OrderTicket)
    case delivered(OrderTicket, ContentID)
    case failed(OrderTicket, FailureReason)
}

/// How far the fetching of a file is.
package struct TransferStatus: Equatable, Sendable {
    package let ticket: OrderTicket
    package let name: RelativePath
    /// Nil while nobody has said what it is.
    package let content: ContentID?
    package let held: ByteCount
    package let size: ByteCount
    /// Those that let us ask.
    package let sources: Int
}
