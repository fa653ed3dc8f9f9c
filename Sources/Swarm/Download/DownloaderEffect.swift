package import Vocabulary
package import Wire

/// What a downloader wants done.
package enum DownloaderEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    /// Read this manifest; answered by `.opened`.
    case open(ContentID, manifest: Tail)
    /// Read the manifest that was fetched as a content of its own; answered by `.opened`.
    case openFetched(ContentID, from: ContentID)
    /// Whether there is room for what was measured; answered by `.opened`, or a failure.
    case settle(ContentID, isGranted: Bool, taken: ByteCount)
    /// Lend a buffer to the payload of this request. Comes before the request's `send`.
    case lend(RequestNumber, from: Rank, byteCount: Int)
    case withdraw(RequestNumber)
    /// Verify and write what arrived for this request; answered by `stored`.
    case keep(RequestNumber, as: PieceIndex, of: ContentID, digest: PieceDigest?)
    /// What arrived for this request is of no use.
    case discard(RequestNumber)
    /// Everything is here: is it what the publisher has? Answered by `.proven` or `.unproven`.
    case prove(ContentID, table: PieceDigest)
    /// A part of the publisher's table, for the store to compare.
    case compare(ContentID, first: Int, digests: Tail)
    /// The same, before the store has read what it is about.
    case hear(ContentID, first: Int, digests: Tail)
    /// From now on its table of digests is what we say; answered by `.tabled`.
    case publish(ContentID)
    /// Read what is not here from where it comes from; answered by `.restIsHere`, if that is seen.
    case readRest(ContentID)
    case finish(ContentID, WantNumber)
    /// Is what was finished still there? Answered by `.lookedAgain`.
    case lookAgain
    /// This want is of that content, and what that order asked for. Comes before anything else
    /// about either.
    case aim(WantNumber, of: ContentID, at: OrderTicket)
    /// Nothing more comes for this want.
    case release(WantNumber)
    case report(LiveNews)
    /// It is no more: what has come of it is of no use.
    case forsake(ContentID)
    case tell(UploaderNote)
    /// For those who watch.
    case happened(Happening)
    /// This rank tracks from now on.
    case takeOver(Inheritance)
    /// A rank that comes before this one tracks again.
    case standDown
    /// Nothing more will come from this machine.
    case ended
}
