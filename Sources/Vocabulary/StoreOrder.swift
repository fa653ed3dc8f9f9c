/// A step that a download thread orders from its store. Bytes that belong to an order are passed
/// beside it, as a tail is beside its message.
package enum StoreOrder: Equatable, Sendable {
    /// Read the manifest, which is passed beside the order, and look for the content's pieces on
    /// this rank; answered by `.opened`.
    case open(ContentID)
    /// Do the same with a manifest that was fetched as a content of its own.
    case openFetched(ContentID, from: ContentID)
    /// Continue with a content that was `.measured`; answered by `.opened`, or a failure. Either it
    /// has room, or `taken` bytes of the free space belong to others.
    case settle(ContentID, isGranted: Bool, taken: ByteCount)
    /// A step of the proof that the copy is the publisher's.
    case proof(ContentID, ProofOrder)
    /// Give a whole content the name of the want; answered by `.finished` or `.unfinished`.
    case finish(ContentID, WantNumber)
    /// Check that each finished file is still at its destination; answered by `.displaced` for each
    /// that is not, and then by `.lookedAgain`.
    case lookAgain
    /// Do the same, and then remove the source of this rank, all of which was collected; answered
    /// by `.differing` with what was removed and what stays, and then by `.lookedAgain`.
    case removeSource
    /// Tie a want to its content, and to the order of the user that asked for it and that says
    /// where it goes. Comes before any other order about either.
    case aim(WantNumber, of: ContentID, at: OrderTicket)
    /// End a want, which needs nothing more. The pieces that have arrived stay.
    case release(WantNumber)
    /// Remove what was stored of a content that will never be whole.
    case forsake(ContentID)
}

/// A step of the proof that a copy is the publisher's.
package enum ProofOrder: Equatable, Sendable {
    /// Compare the digests by which all pieces were verified with those of the publisher, whose
    /// table has the digest `table`; answered by `.proven` or `.unproven`.
    case prove(table: PieceDigest)
    /// Compare a part of the publisher's table, which is passed beside the order, with the digests
    /// found here; answered by `.compared`.
    case compare(first: Int)
    /// Take a part of the publisher's table, which is passed beside the order, before the pieces of
    /// that part have been read here; answered by `.heard`, and by `.differs` for each piece that
    /// is read later and is not the publisher's.
    case hear(first: Int)
    /// Make this rank the publisher, because the publisher is gone and this rank holds all pieces:
    /// from now on the digests that are found here count; answered by `.tabled`.
    case publish
    /// Read the missing pieces from the source, because no rank sends them any more; answered by
    /// `.restIsHere`, if the source can still be read.
    case readRest

    /// The answer of a store that compared each piece with the digest in the manifest when the
    /// piece came. Nobody has to publish these digests, and the store sees no more than it has.
    package func answer(provenByManifest content: ContentID) -> StoreEvent? {
        switch self {
        case .prove: .proven(content)
        case .compare: .compared(content, wrong: [])
        case .hear: .heard(content, wrong: [])
        case .publish, .readRest: nil
        }
    }
}
