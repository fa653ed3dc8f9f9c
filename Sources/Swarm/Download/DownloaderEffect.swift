package import Vocabulary
package import Wire

/// An action that a downloader asks for.
package enum DownloaderEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// Starts a step of the store, with the bytes that belong to it.
    case store(StoreOrder, Tail = .none)
    /// Lends a buffer to the payload of this request. Comes before the request's `send`.
    case lend(RequestNumber, from: Rank, byteCount: Int)
    case withdraw(RequestNumber)
    /// Verifies and writes the payload of this request; answered by `stored`.
    case keep(RequestNumber, as: PieceIndex, of: ContentID, digest: PieceDigest?)
    /// Discards the payload of this request, which is not needed.
    case discard(RequestNumber)
    case report(LiveNews)
    case tell(UploaderNote)
    /// Reports an event to an observer.
    case happened(Happening)
    /// Makes this rank track from now on.
    case takeOver(Inheritance)
    /// Makes this rank stop tracking, because a rank that comes before it tracks again.
    case standDown
    /// Reports that this machine has ended.
    case ended
}
