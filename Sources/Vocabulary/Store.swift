/// The place where a download thread puts pieces. Operations are started here and reported later by
/// `next()`, so that a slow disk never holds up the thread.
package protocol Store: ~Copyable {
    associatedtype Payload

    /// Starts a step. `bytes` are those that belong to the order, and empty for most orders.
    mutating func perform(_ order: StoreOrder, bytes: RawSpan)

    /// A buffer for a piece that will be received.
    mutating func blank(byteCount: Int) -> Payload

    /// Verifies the bytes and writes them; answered by `.kept`, `.bad` or `.failed`. `digest` is
    /// the one that came with them, where the manifest has none.
    mutating func keep(
        _ payload: consuming Payload, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?)

    /// Takes back a buffer whose bytes are not needed.
    mutating func discard(_ payload: consuming Payload)

    /// The next event; nil when there is none.
    mutating func next() -> StoreEvent?
}

/// An event of a store.
package enum StoreEvent: Equatable, Sendable {
    /// Nil when the bytes are no manifest, or that of another content: its sender is not to be
    /// believed.
    case opened(ContentID, OpenedContent?)
    /// Comes before `.opened`, which may take long: this rank will publish the digest table.
    case publishes(ContentID)
    /// This rank was to publish the digest table, and will never have all of it.
    case cannotPublish(ContentID)
    /// Comes before `.opened`: the content needs `needed` of the `available` bytes on that device,
    /// which other ranks of this host may need as well. Answered by `settle`.
    case measured(ContentID, needed: ByteCount, available: ByteCount, device: UInt64)
    /// The content cannot be stored here, with the reason in words for the user. `.opened` with
    /// nil, or a failure, follows.
    case troubled(String)
    /// Something is not as the user asked, in words for the user; the job continues.
    case warned(String)
    /// The copy and its source differ in these entries.
    case differing(DifferenceList)
    /// The piece is verified and written: other ranks may have it from now on.
    case kept(PieceIndex, of: ContentID)
    /// The bytes are not what the manifest says.
    case bad(PieceIndex, of: ContentID)
    /// The disk of this rank failed; no peer is to blame.
    case failed(ContentID, StoreError)
    /// The number of bytes that were read, in all, of sources on the disk of this rank, and the
    /// number of those that had been read before.
    case sourceRead(Int, again: Int)
    /// Every digest of the content that this rank publishes is known.
    case tabled(ContentID, PieceDigest)
    case proven(ContentID)
    case unproven(ContentID)
    /// These pieces differ from the publisher's, and are no longer held.
    case compared(ContentID, wrong: [PieceIndex])
    /// A part of the publisher's table was taken. These pieces, which had been read before, differ
    /// from the publisher's.
    case heard(ContentID, wrong: [PieceIndex])
    /// All pieces can be read here.
    case restIsHere(ContentID)
    /// The piece on the disk differs from the publisher's, and is no longer held.
    case differs(PieceIndex, of: ContentID)
    /// The piece in the copy differed from that of the source on this rank, and is copied again.
    case mended(PieceIndex, of: ContentID)
    case finished(ContentID, WantNumber)
    case unfinished(ContentID, WantNumber, StoreError)
    /// The name of a finished file now refers to another file, or to none.
    case displaced(WantNumber, StoreError)
    case lookedAgain
}

/// The state of a content after the store has read the manifest and looked for pieces.
package struct OpenedContent: Equatable, Sendable {
    package let geometry: Geometry
    /// The pieces that are here, from an earlier run or because the source is.
    package var held: PieceSet
    /// The pieces of `held` that other ranks may have only when the publisher has sent their
    /// digests: they come from a source that the publisher does not see.
    package var unconfirmed: PieceSet
    /// The pieces of `held` that may be those of another content. Other ranks may have them when
    /// all pieces are proven, which costs the publisher less than to confirm them.
    package var unproven: PieceSet
    /// Whether the unconfirmed pieces may be those of another content: they come from an earlier
    /// job, and not from a source.
    package var isInDoubt = false
    /// The pieces that need no proof: they were in the copy, and their file is unchanged.
    package var believed: PieceSet
    /// Whether the missing pieces are to be fetched; false on a rank that only serves.
    package var isWanted = true
    /// Whether this rank sees the source, although other ranks read it.
    package var standsBy = false
    /// Whether the job only reports what it would fetch.
    package var isDry = false
    /// Whether the pieces that are here are compared with the publisher's, although nothing is
    /// fetched.
    package var isCompared = false
    /// The rank whose digests count in the end; nil where the manifest has them.
    package var publisher: Rank?
    /// The bytes of held pieces that the copy lacks and takes from the source on this rank.
    package var toCopy = ByteCount.zero

    /// No piece is here, all are wanted, and the manifest has the digests.
    package init(_ geometry: Geometry) {
        self.geometry = geometry
        held = PieceSet(none: geometry.pieceCount)
        believed = held
        unconfirmed = held
        unproven = held
    }

    /// The bytes of the pieces that are not here.
    package var missing: ByteCount { bytes { !held.contains($0) } }

    /// Notes that the copy has only these pieces.
    package mutating func note(inCopy copy: PieceSet) {
        toCopy = bytes { held.contains($0) && !copy.contains($0) }
    }

    private func bytes(where isCounted: (PieceIndex) -> Bool) -> ByteCount {
        guard geometry.carriesBytes else { return .zero }
        var sum: Int64 = 0
        for position in 0..<geometry.pieceCount where isCounted(PieceIndex(position)) {
            sum += Int64(geometry.size(of: PieceIndex(position)))
        }
        return ByteCount(sum)
    }
}

/// The reason why an operation of a store failed, with the error number of the system where there
/// is one.
package enum StoreError: Error, Equatable, Sendable {
    case noSpace
    case notPermitted(errno: Int32)
    case failing(errno: Int32)
    /// The content was never opened; `.troubled` gave the reason.
    case unready
    /// All has its names; the command that was to follow failed.
    case commandFailed
}

/// The place from which an upload thread gets pieces.
package protocol PieceReader: ~Copyable {
    associatedtype Payload

    /// Starts a read; `next()` reports its end with the same ticket.
    mutating func read(_ piece: PieceIndex, of content: ContentID, ticket: ReadTicket)

    mutating func next() -> ReadOutcome?

    /// The bytes of a successful read, until it is released.
    func payload(of ticket: ReadTicket) -> Payload

    /// The digests of `count` pieces from `first` on, end to end; nil when one of them is not
    /// known.
    mutating func digests(of content: ContentID, from first: Int, count: Int) -> [UInt8]?

    /// Ends the use of a successful read. A read that failed has nothing to release.
    mutating func release(_ ticket: ReadTicket)
}

/// The result of a read.
package struct ReadOutcome: Equatable, Sendable {
    package let ticket: ReadTicket
    package let isGood: Bool
    /// The digest that travels with the bytes, where the manifest has none.
    package let digest: PieceDigest?

    package init(_ ticket: ReadTicket, isGood: Bool, digest: PieceDigest? = nil) {
        self.ticket = ticket
        self.isGood = isGood
        self.digest = digest
    }
}

/// The number of one read of an upload thread.
package struct ReadTicket: Hashable, Sendable {
    package let raw: UInt32
    package init(_ raw: UInt32) { self.raw = raw }
}
