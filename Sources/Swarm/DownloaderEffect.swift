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

/// What a downloader tells the uploader of the same rank.
package enum UploaderNote: Equatable, Sendable {
    case contentOpened(ContentID, Geometry, held: PieceSet)
    /// Verified and written, and so many bytes came from that rank.
    case pieceStored(PieceIndex, of: ContentID, from: Rank, byteCount: Int)
    /// It was here all the time, and is what the publisher has.
    case pieceConfirmed(PieceIndex, of: ContentID)
    /// It was not what it should be, and is not held any more.
    case pieceDropped(PieceIndex, of: ContentID)
    /// What a neighbour holds; it wants to hear what we get.
    case neighbourHolds(Rank, PieceSet, of: ContentID)
    case neighbourGot(Rank, PieceHandful, of: ContentID)
    /// A neighbour decides itself what it gives us.
    case neighbourOffers(Rank)
    /// A neighbour has left.
    case neighbourGone(Rank)
    /// It lies here no longer.
    case contentGone(ContentID)
    /// We have left, but may come again.
    case away
    /// We have come again.
    case back
    /// We have all we wanted, and leave when nobody needs what we alone have.
    case ready
    /// We leave.
    case leaving
    /// No tracker says when the job is over: serve while somebody asks, and then say so. Or one
    /// does again.
    case lingering(Bool)

    /// Nothing has to be done about it now: it is enough to know it by the time of the next
    /// decision.
    package var isOnlyNews: Bool {
        switch self {
        case .neighbourGot, .neighbourOffers: true
        case .contentOpened, .pieceStored, .pieceConfirmed, .pieceDropped, .neighbourHolds,
            .neighbourGone, .ready, .leaving, .lingering, .contentGone, .away, .back:
            false
        }
    }
}

/// What an uploader tells the downloader of the same rank.
package enum DownloaderNote: Equatable, Sendable {
    /// A neighbour asked what we hold, and said what it holds itself.
    case introduced(Rank, PieceSet, of: ContentID)
    /// It cannot be read back: we are no seed of that content any more.
    case pieceLost(PieceIndex, of: ContentID)
    /// Nobody needs us: who wants to leave may.
    case dispensable
    /// Everybody is done: send the last report and leave.
    case stopping
    /// A user's.
    case ordered(LiveOrder)
    /// Messages of this rank make no sense, and no more of them are read.
    case senseless(Rank)
    /// A rank has ended, and its supervisor or its socket says so: that is certain.
    case died(Rank)
}
