/// Where a download thread puts pieces. Keeping is asked for and reported later, so that a slow
/// disk never holds up the thread.
package protocol Store: ~Copyable {
    associatedtype Payload

    /// Learns a content from its manifest's bytes, and looks at what is here of it; answered by
    /// `.opened`.
    mutating func open(_ content: ContentID, manifest: RawSpan)

    /// The same, where the manifest itself was fetched as the content `manifest`.
    mutating func open(_ content: ContentID, fetchedAs manifest: ContentID)

    /// Goes on with what was `.measured`: there is room for it, or so many bytes of what is free
    /// are others'.
    mutating func settle(_ content: ContentID, isGranted: Bool, taken: ByteCount)

    /// A buffer to receive a piece in.
    mutating func blank(byteCount: Int) -> Payload

    /// Verifies the bytes and writes them; answered by `.kept`, `.bad` or `.failed`. `digest` is
    /// what came with them, where the manifest has none.
    mutating func keep(
        _ payload: consuming Payload, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?)

    /// Takes back a buffer that is not to be kept.
    mutating func discard(_ payload: consuming Payload)

    /// Whether the digests by which all pieces were verified are the publisher's, whose table has
    /// that digest; answered by `.proven` or `.unproven`.
    mutating func prove(_ content: ContentID, table: PieceDigest)

    /// Takes a part of the publisher's table; answered by `.compared`.
    mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan)

    /// Takes a part of the publisher's table before what it is about was read here; answered by
    /// `.heard`, and by `.differs` for what is read later and is not what the publisher has.
    mutating func hear(_ content: ContentID, from first: Int, digests: RawSpan)

    /// Who published it is gone, and all of it is here: from now on the digests that are found here
    /// are the publisher's; answered by `.tabled`.
    mutating func publish(_ content: ContentID)

    /// Nobody sends the rest any more: it is read from where it comes from; answered by
    /// `.restIsHere`, if that can still be seen.
    mutating func readRest(of content: ContentID)

    /// What has come of it will never be whole.
    mutating func forsake(_ content: ContentID)

    /// This want is of that content, and what the user asked for under that number, with whatever
    /// it said of where it is to go.
    mutating func aim(_ want: WantNumber, of content: ContentID, at order: UInt64)

    /// Nothing more comes for this want. What has come stays.
    mutating func release(_ want: WantNumber)

    /// Gives a whole content the name of the want; answered by `.finished` or `.unfinished`.
    mutating func finish(_ content: ContentID, for want: WantNumber)

    /// Whether what was finished is still where it was asked for; answered by `.displaced` for what
    /// is not, and then by `.lookedAgain`.
    mutating func lookAgain()

    /// What has happened since, one thing at a time; nil when nothing has.
    mutating func next() -> StoreEvent?
}

extension Store where Self: ~Copyable {
    /// A store that measures nothing is told nothing.
    package mutating func settle(_ content: ContentID, isGranted: Bool, taken: ByteCount) {}

    /// Where nothing is kept for later.
    package mutating func forsake(_ content: ContentID) {}

    /// Where the rules ask for no last look.
    package mutating func lookAgain() {}

    /// Where nobody gives orders.
    package mutating func aim(_ want: WantNumber, of content: ContentID, at order: UInt64) {}

    /// The same.
    package mutating func release(_ want: WantNumber) {}
}

/// What a store reports.
package enum StoreEvent: Equatable, Sendable {
    /// Nil when that is not a manifest, or not the content's own: who sent it is not to be
    /// believed.
    case opened(ContentID, OpenedContent?)
    /// Before it is opened, which may take long: its table of digests is what this rank will say.
    case publishes(ContentID)
    /// Before it is opened: it needs so much of what is free on that device, which others of this
    /// host may need too. Answered by `settle`.
    case measured(ContentID, needed: ByteCount, available: ByteCount, device: UInt64)
    /// It cannot be had here, and why, in the words that a user sees. `.opened` with nothing, or
    /// a failure, follows.
    case troubled(String)
    /// Not all is as it was wished, in the words that a user sees; it goes on.
    case warned(String)
    /// Verified and written: from now on others may have it.
    case kept(PieceIndex, of: ContentID)
    /// The bytes are not what the manifest says.
    case bad(PieceIndex, of: ContentID)
    /// Our own disk failed; no peer is to blame.
    case failed(ContentID, StoreFailure)
    /// So many bytes in all were read of the sources on this rank's disk.
    case sourceRead(Int)
    /// Every digest of what this rank publishes is known.
    case tabled(ContentID, PieceDigest)
    case proven(ContentID)
    case unproven(ContentID)
    /// These are not what the publisher has, and are held no more.
    case compared(ContentID, wrong: [PieceIndex])
    /// A part of the publisher's table was taken. Of what was read so far these are not what the
    /// publisher has.
    case heard(ContentID, wrong: [PieceIndex])
    /// All of it can be read here.
    case restIsHere(ContentID)
    /// What lies here is not what the publisher has, and is held no more.
    case differs(PieceIndex, of: ContentID)
    /// The piece in place was not what our source has, and is copied from there.
    case mended(PieceIndex, of: ContentID)
    case finished(ContentID, WantNumber)
    case unfinished(ContentID, WantNumber, StoreFailure)
    /// It was finished, and its name means something else now, or nothing.
    case displaced(WantNumber, StoreFailure)
    case lookedAgain
}

/// What a store knows of a content once it has read the manifest and looked at what is here.
package struct OpenedContent: Equatable, Sendable {
    package let geometry: Geometry
    /// From an earlier run, or because this is where it comes from.
    package var held: PieceSet
    /// What of that others may have only when the publisher has said what it must be: it comes from
    /// a source that the publisher does not see.
    package var unconfirmed: PieceSet
    /// What of it nobody has to prove: it was in place, and is believed.
    package var believed: PieceSet
    /// Whether the rest is to be fetched: who only serves fetches nothing.
    package var isWanted = true
    /// Whether the place where it comes from is seen here, though others read it.
    package var standsBy = false
    /// Whether it is only asked what would be fetched.
    package var isDry = false
    /// Whether what is here is compared with what the publisher has, though nothing is fetched.
    package var isCompared = false
    /// Who says in the end what the digests are; nil where the manifest says it.
    package var publisher: Rank?
    /// The bytes that the copy here lacks, of what is held because it comes from here.
    package var toCopy = ByteCount.zero

    /// Nothing is here, all is wanted, and the manifest says what it must be.
    package init(_ geometry: Geometry) {
        self.geometry = geometry
        held = PieceSet(none: geometry.pieceCount)
        believed = held
        unconfirmed = held
    }

    /// The bytes of the pieces that are not here.
    package var missing: ByteCount { bytes { !held.contains($0) } }

    /// The copy here has only these pieces.
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

/// Why a store could not do what it was asked, with the system's error number where there is one.
package enum StoreFailure: Error, Equatable, Sendable {
    case noSpace
    case notPermitted(errno: Int32)
    case failing(errno: Int32)
    /// It was never begun; why was told as `.troubled`.
    case unready
}

/// Where an upload thread gets pieces.
package protocol PieceReader: ~Copyable {
    associatedtype Payload

    /// Answered later by `next()` with the same ticket.
    mutating func read(_ piece: PieceIndex, of content: ContentID, ticket: ReadTicket)

    mutating func next() -> ReadOutcome?

    /// What was read well, until it is released.
    func payload(of ticket: ReadTicket) -> Payload

    /// What is known of the digests of `count` pieces from `first` on, end to end; nil when some
    /// are not known.
    mutating func digests(of content: ContentID, from first: Int, count: Int) -> [UInt8]?

    /// Lets go of what was read well; of what was not there is nothing to let go.
    mutating func release(_ ticket: ReadTicket)
}

/// How a read ended.
package struct ReadOutcome: Equatable, Sendable {
    package let ticket: ReadTicket
    package let isGood: Bool
    /// Travels with the bytes, where the manifest has none.
    package let digest: PieceDigest?

    package init(_ ticket: ReadTicket, isGood: Bool, digest: PieceDigest? = nil) {
        self.ticket = ticket
        self.isGood = isGood
        self.digest = digest
    }
}

/// Names one read of one upload thread.
package struct ReadTicket: Hashable, Sendable {
    package let raw: UInt32
    package init(_ raw: UInt32) { self.raw = raw }
}
