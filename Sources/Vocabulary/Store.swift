/// Where a download thread puts pieces. Keeping is asked for and reported later, so that a slow
/// disk never holds up the thread.
package protocol Store: ~Copyable {
    associatedtype Payload

    /// Learns a content from its manifest's bytes. Nil when they are not a manifest, or not the
    /// manifest of `content`: whoever sent them is not to be believed.
    mutating func open(_ content: ContentID, manifest: RawSpan) -> Geometry?

    /// The same, where the manifest itself was fetched as the content `manifest`.
    mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) -> Geometry?

    /// A buffer to receive a piece in.
    mutating func blank(byteCount: Int) -> Payload

    /// Verifies the bytes and writes them; answered by `.kept`, `.bad` or `.failed`.
    mutating func keep(_ payload: consuming Payload, as piece: PieceIndex, of content: ContentID)

    /// Takes back a buffer that is not to be kept.
    mutating func discard(_ payload: consuming Payload)

    /// Gives a whole content the name of the want; answered by `.finished` or `.unfinished`.
    mutating func finish(_ content: ContentID, for want: WantNumber)

    /// What has happened since, one thing at a time; nil when nothing has.
    mutating func next() -> StoreEvent?
}

/// What a store reports.
package enum StoreEvent: Equatable, Sendable {
    /// Verified and written: from now on others may have it.
    case kept(PieceIndex, of: ContentID)
    /// The bytes are not what the manifest says.
    case bad(PieceIndex, of: ContentID)
    /// Our own disk failed; no peer is to blame.
    case failed(ContentID, StoreFailure)
    case finished(ContentID, WantNumber)
    case unfinished(ContentID, WantNumber, StoreFailure)
}

/// Why a store could not do what it was asked, with the system's error number where there is one.
package enum StoreFailure: Error, Equatable, Sendable {
    case noSpace
    case notPermitted(errno: Int32)
    case failing(errno: Int32)
}

/// Where an upload thread gets pieces.
package protocol PieceReader: ~Copyable {
    associatedtype Payload

    /// Answered later by `next()` with the same ticket.
    mutating func read(_ piece: PieceIndex, of content: ContentID, ticket: ReadTicket)

    mutating func next() -> ReadOutcome?

    /// What was read well, until it is released.
    func payload(of ticket: ReadTicket) -> Payload

    /// Lets go of what was read well; of what was not there is nothing to let go.
    mutating func release(_ ticket: ReadTicket)
}

/// How a read ended.
package struct ReadOutcome: Equatable, Sendable {
    package let ticket: ReadTicket
    package let isGood: Bool

    package init(_ ticket: ReadTicket, isGood: Bool) {
        self.ticket = ticket
        self.isGood = isGood
    }
}

/// Names one read of one upload thread.
package struct ReadTicket: Hashable, Sendable {
    package let raw: UInt32
    package init(_ raw: UInt32) { self.raw = raw }
}
