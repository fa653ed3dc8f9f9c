package import Vocabulary
package import Wire

/// An action that an uploader asks for.
package enum UploaderEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// Answered by `readDone` with the same ticket.
    case read(PieceIndex, of: ContentID, ReadTicket)
    /// Sends what was read, straight from the buffer of the read; answered by `payloadSent`.
    case sendPayload(ReadTicket, to: Rank, RequestNumber, byteCount: Int)
    /// Sends this part of the digest table, if all of it is known.
    case sendTable(ContentID, first: Int, count: Int, to: Rank)
    /// The buffer of that read is no longer needed.
    case release(ReadTicket)
    case tell(DownloaderNote)
    /// For an observer.
    case happened(Happening)
    /// This machine asks for nothing more.
    case ended
}
