package import Vocabulary
package import Wire

/// What an uploader wants done.
package enum UploaderEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// Answered by `readDone` with the same ticket.
    case read(PieceIndex, of: ContentID, ReadTicket)
    /// Sends what was read, straight from the buffer it was read into; answered by `payloadSent`.
    case sendPayload(ReadTicket, to: Rank, RequestNumber, byteCount: Int)
    /// Sends this part of the table of digests, if all of it is known.
    case sendTable(ContentID, first: Int, count: Int, to: Rank)
    /// What was read is wanted no more.
    case release(ReadTicket)
    case tell(DownloaderNote)
    /// For those who watch.
    case happened(Happening)
    /// Nothing more will come from this machine.
    case ended
}
