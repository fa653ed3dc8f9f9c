package import Vocabulary
package import Wire

/// An action that a downloader asks for.
package enum DownloaderEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// Reads this manifest; answered by `.opened`.
    case open(ContentID, manifest: Tail)
    /// Reads a manifest that was fetched as a content of its own; answered by `.opened`.
    case openFetched(ContentID, from: ContentID)
    /// Reports whether there is room for the content that was measured; answered by `.opened`, or a
    /// failure.
    case settle(ContentID, isGranted: Bool, taken: ByteCount)
    /// Lends a buffer to the payload of this request. Comes before the request's `send`.
    case lend(RequestNumber, from: Rank, byteCount: Int)
    case withdraw(RequestNumber)
    /// Verifies and writes the payload of this request; answered by `stored`.
    case keep(RequestNumber, as: PieceIndex, of: ContentID, digest: PieceDigest?)
    /// Discards the payload of this request, which is not needed.
    case discard(RequestNumber)
    /// Compares the digest of this rank's table with the publisher's; answered by `.proven` or
    /// `.unproven`.
    case prove(ContentID, table: PieceDigest)
    /// Compares a part of the publisher's table with that of this rank; answered by `.compared`.
    case compare(ContentID, first: Int, digests: Tail)
    /// Passes digests of the publisher to the store, for pieces that it may not have read yet;
    /// answered by `.heard`.
    case hear(ContentID, first: Int, digests: Tail)
    /// Makes this rank's digest table the publisher's; answered by `.tabled`.
    case publish(ContentID)
    /// Reads the missing pieces from the source; answered by `.restIsHere` if this rank sees it.
    case readRest(ContentID)
    case finish(ContentID, WantNumber)
    /// Checks that finished files are still there; answered by `.lookedAgain`.
    case lookAgain
    /// Binds this want to that content and to the order for it. Comes before any other effect about
    /// either.
    case aim(WantNumber, of: ContentID, at: OrderTicket)
    /// Releases a want that needs nothing more.
    case release(WantNumber)
    case report(LiveNews)
    /// Removes what was stored of a content that no longer exists.
    case forsake(ContentID)
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
