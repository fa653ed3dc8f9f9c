package import Vocabulary

/// The messages of peers to a tracker.
package enum TrackerMessage: WireMessage {
    /// The peer wants to take part. It may send this at any time, and repeat it.
    case join
    /// The files that the peer owns and wants. Tail: `entries` of `FileListEntry`.
    case fileList(page: UInt32, entries: UInt32, isLast: Bool)
    /// The peer has checked room, rights and existing files. Tail: the reason why it cannot begin,
    /// empty when it is ready.
    case prepared(Readiness)
    /// Proof of life.
    case alive
    /// Progress of the peer; the final report closes its account. Tail: a page of `ReportEntry`.
    case report(page: UInt32, entries: UInt32, isLast: Bool, isFinal: Bool)
    /// The peer leaves: the tracker deletes everything about it.
    case leave
    /// Files that were added to the share of the peer, or are gone from it. Tail: `entries` of
    /// `FileListEntry`.
    case fileListUpdate(page: UInt32, entries: UInt32, isLast: Bool)
    /// Asks for the list of contents from the given position on.
    case catalogRequest(from: UInt32)
    /// Asks for the members of a swarm. Tail: the name, by selector.
    case swarmRequest(ContentID, want: WantNumber, by: Selector, needsManifest: Bool)
    /// The peer holds this number of pieces of the content.
    case peerUpdate(ContentID, held: UInt32)
    /// Nothing is in flight, and none of the known peers has the missing pieces. It is certain if
    /// all members of the swarm have reported what they hold.
    case stalled(ContentID, missing: UInt32, fingerprint: UInt64, isCertain: Bool = false)
    /// The peer is a seed of this content.
    case fileCompleted(ContentID)
    /// The peer wants nothing more, or can get nothing more.
    case allFilesCompleted(delivered: UInt32, failed: UInt32)
    /// The publisher's digest table is final. Tail: the digest of the table.
    case seal(ContentID)
    /// The peer can get no more of this content. It serves what it has, and waits for no other.
    case gaveUp(ContentID)
    /// The survey of the peer before the job begins. Tail: a part of it.
    case survey(page: UInt32, isLast: Bool)
    /// The entries of this SOURCE. Tail: a part of the list.
    case listing(source: UInt32, page: UInt32, isLast: Bool)
    /// The peer is the publisher: it decides what the digests of this content are.
    case publishes(ContentID)
    /// The peer sees the source of this content, and can read what no other rank sends any more.
    case standsBy(ContentID)
    /// The number of entries of this SOURCE that are of no kind that is staged. Tail: some of their
    /// paths.
    case leftOut(source: UInt32, count: UInt32)
    /// The room that this content needs on the disk of the peer, and what is free there. Tail: the
    /// number of the device, which distinguishes the disks of one host.
    case measured(ContentID, needed: ByteCount, available: ByteCount)
    /// Asks for the list of ranks, or of the seeds of a content, from the given position on.
    case rollRequest(of: ContentID, from: UInt32)
    /// A user wants the job to end.
    case shutdown
    /// The files that lay in the folders of the peer when it began are announced, or listed as
    /// being read.
    case looked
    /// The peer no longer believes what this rank sends.
    case accused(Rank, Complaint)
    /// The answer to a claim: the destination is this job's now, or another's. On one host a place
    /// has the same number by whatever path.
    case claimed(number: UInt32, isFree: Bool, place: UInt64)
    /// The peer published this content, and will never have its whole table of digests: another
    /// rank has to publish it.
    case cannotPublish(ContentID)
    /// The copy that the peer keeps of this content has its final names.
    case named(ContentID)

    /// Frozen on the wire: append, never renumber.
    package enum Kind: UInt8, Sendable {
        case join = 1
        case fileList = 2
        case prepared = 3
        case alive = 4
        case report = 5
        case leave = 6
        case fileListUpdate = 7
        case catalogRequest = 8
        case swarmRequest = 9
        case peerUpdate = 10
        case stalled = 11
        case fileCompleted = 12
        case allFilesCompleted = 13
        case seal = 14
        case gaveUp = 15
        case survey = 16
        case listing = 17
        case publishes = 18
        case standsBy = 19
        case leftOut = 20
        case measured = 21
        case rollRequest = 22
        case shutdown = 23
        case looked = 24
        case accused = 25
        case claimed = 26
        case cannotPublish = 27
        case named = 28
    }

    package var head: Head {
        switch self {
        case .join: Self.head(.join)
        case .fileList(let page, let entries, let isLast):
            Self.head(.fileList, a: page, b: entries, c: isLast.bit)
        case .prepared(let readiness): Self.head(.prepared, a: readiness.rawValue)
        case .alive: Self.head(.alive)
        case .report(let page, let entries, let isLast, let isFinal):
            Self.head(.report, a: page, b: entries, c: isLast.bit, d: isFinal.bit)
        case .leave: Self.head(.leave)
        case .fileListUpdate(let page, let entries, let isLast):
            Self.head(.fileListUpdate, a: page, b: entries, c: isLast.bit)
        case .catalogRequest(let from): Self.head(.catalogRequest, a: from)
        case .swarmRequest(let content, let want, let selector, let needsManifest):
            Self.head(
                .swarmRequest, content, a: want.raw, b: selector.rawValue, c: needsManifest.bit)
        case .peerUpdate(let content, let held): Self.head(.peerUpdate, content, a: held)
        case .stalled(let content, let missing, let fingerprint, let isCertain):
            Self.head(
                .stalled, content, a: missing, b: UInt32(truncatingIfNeeded: fingerprint),
                c: UInt32(truncatingIfNeeded: fingerprint >> 32), d: isCertain.bit)
        case .fileCompleted(let content): Self.head(.fileCompleted, content)
        case .allFilesCompleted(let delivered, let failed):
            Self.head(.allFilesCompleted, a: delivered, b: failed)
        case .seal(let content): Self.head(.seal, content)
        case .gaveUp(let content): Self.head(.gaveUp, content)
        case .survey(let page, let isLast): Self.head(.survey, a: page, c: isLast.bit)
        case .listing(let source, let page, let isLast):
            Self.head(.listing, a: page, b: source, c: isLast.bit)
        case .publishes(let content): Self.head(.publishes, content)
        case .standsBy(let content): Self.head(.standsBy, content)
        case .leftOut(let source, let count): Self.head(.leftOut, a: count, b: source)
        case .measured(let content, let needed, let available):
            Self.head(
                .measured, content, a: needed.low, b: needed.high, c: available.low,
                d: available.high)
        case .rollRequest(let content, let from): Self.head(.rollRequest, content, a: from)
        case .shutdown: Self.head(.shutdown)
        case .looked: Self.head(.looked)
        case .accused(let rank, let complaint):
            Self.head(.accused, a: UInt32(rank.raw), b: complaint.rawValue)
        case .claimed(let number, let isFree, let place):
            Self.head(
                .claimed, a: number, b: UInt32(truncatingIfNeeded: place), c: isFree.bit,
                d: UInt32(place >> 32))
        case .cannotPublish(let content): Self.head(.cannotPublish, content)
        case .named(let content): Self.head(.named, content)
        }
    }

    package var takesTail: Bool {
        switch self {
        case .fileList, .prepared, .report, .fileListUpdate, .swarmRequest, .seal, .survey,
            .listing, .leftOut, .measured:
            true
        case .join, .alive, .leave, .catalogRequest, .peerUpdate, .stalled, .fileCompleted,
            .allFilesCompleted, .gaveUp, .publishes, .standsBy, .rollRequest, .shutdown, .looked,
            .accused, .claimed, .cannotPublish, .named:
            false
        }
    }

    package static func reading(
        _ kind: Kind, _ head: Head
    ) throws(WireError) -> TrackerMessage {
        let content = head.content
        switch kind {
        case .join: return .join
        case .fileList: return .fileList(page: head.a, entries: head.b, isLast: head.c == 1)
        case .prepared: return .prepared(try Readiness(field: head.a))
        case .alive: return .alive
        case .report:
            return .report(
                page: head.a, entries: head.b, isLast: head.c == 1, isFinal: head.d == 1)
        case .leave: return .leave
        case .fileListUpdate:
            return .fileListUpdate(page: head.a, entries: head.b, isLast: head.c == 1)
        case .catalogRequest: return .catalogRequest(from: head.a)
        case .swarmRequest:
            return .swarmRequest(
                content, want: WantNumber(head.a), by: try Selector(field: head.b),
                needsManifest: head.c == 1)
        case .peerUpdate: return .peerUpdate(content, held: head.a)
        case .stalled:
            return .stalled(
                content, missing: head.a, fingerprint: UInt64(head.b) | UInt64(head.c) << 32,
                isCertain: head.d == 1)
        case .fileCompleted: return .fileCompleted(content)
        case .allFilesCompleted: return .allFilesCompleted(delivered: head.a, failed: head.b)
        case .seal: return .seal(content)
        case .gaveUp: return .gaveUp(content)
        case .survey: return .survey(page: head.a, isLast: head.c == 1)
        case .listing: return .listing(source: head.b, page: head.a, isLast: head.c == 1)
        case .publishes: return .publishes(content)
        case .standsBy: return .standsBy(content)
        case .leftOut: return .leftOut(source: head.b, count: head.a)
        case .measured:
            return .measured(
                content, needed: try ByteCount(low: head.a, high: head.b),
                available: try ByteCount(low: head.c, high: head.d))
        case .rollRequest: return .rollRequest(of: content, from: head.a)
        case .shutdown: return .shutdown
        case .looked: return .looked
        case .accused:
            return .accused(try Rank(field: head.a), try Complaint(field: head.b))
        case .claimed:
            return .claimed(
                number: head.a, isFree: head.c == 1, place: UInt64(head.d) << 32 | UInt64(head.b))
        case .cannotPublish: return .cannotPublish(content)
        case .named: return .named(content)
        }
    }
}
