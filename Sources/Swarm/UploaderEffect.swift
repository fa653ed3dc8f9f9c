package import Vocabulary
package import Wire

/// What an uploader wants done.
package enum UploaderEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    /// Answered by `readDone` with the same ticket.
    case read(PieceIndex, of: ContentID, ReadTicket)
    /// Sends what was read, straight from the buffer it was read into.
    case sendPayload(ReadTicket, to: Rank, RequestNumber)
    case tell(DownloaderNote)
    /// Nothing more will come from this machine.
    case ended
}
