package import Vocabulary

/// The messages of trackers to a tracker.
package enum OverlayMessage: WireMessage {
    /// Asks which peers hold a content. Flooded. Tail, by selector: the name; or one byte if the
    /// manifest is wanted too; or the position in the catalog to begin at.
    case query(ContentID, QueryID, timeToLive: UInt32, by: Selector)
    /// The answer of one tracker, possibly empty, by the reverse path. Tail: a `FoundSwarm`;
    /// without a content only its `MemberList`, of the peers that want the name.
    case queryHit(ContentID, QueryID, responder: Rank, seeds: UInt16, peers: UInt16)
    /// The digest table of a publisher is final. Tail: its digest.
    case sealed(ContentID)
    /// The answer of one tracker to a query for the catalog. Tail: `entries` of `CatalogEntry`.
    case catalogHit(QueryID, responder: Rank, entries: UInt32, isLast: Bool)
    /// The answer of one tracker to a query for the ranks. Tail: `entries` of `RollEntry`.
    case rollHit(QueryID, responder: Rank, entries: UInt32, isLast: Bool)
    /// No peer of the sender's group has these contents any more. Tail: `count` contents.
    case withdrawn(count: UInt32)
    /// Earlier answers of the sender may no longer be true.
    case changed
    /// The sender's group lacks pieces that no member sends, and the receiver's group has a peer
    /// that can read them from the source.
    case readRest(ContentID)
    /// The progress of a group, for the tracker that counts, and that of the job, from that
    /// tracker.
    case group(GroupMessage)

    /// Frozen on the wire: append, never renumber. 98 to 109, 112 to 115 and 119 are those
    /// of `GroupMessage`.
    package enum Kind: UInt8, Sendable {
        case query = 96
        case queryHit = 97
        case groupReady = 98
        case groupDone = 99
        case groupReport = 100
        case jobOver = 101
        case groupWorking = 102
        case groupList = 103
        case groupPrepared = 104
        case groupNews = 105
        case groupDisagreement = 106
        case groupClosed = 107
        case jobState = 108
        case jobClosed = 109
        case sealed = 110
        case catalogHit = 111
        case groupNoted = 112
        case groupMeasured = 113
        case groupAwaits = 114
        case groupRoom = 115
        case rollHit = 116
        case withdrawn = 117
        case changed = 118
        case groupShutdown = 119
        case readRest = 120
    }

    package var head: Head {
        switch self {
        case .query(let content, let id, let timeToLive, let selector):
            Self.head(
                .query, content, a: UInt32(id.origin.raw), b: id.sequence, c: timeToLive,
                d: selector.rawValue)
        case .queryHit(let content, let id, let responder, let seeds, let peers):
            Self.head(
                .queryHit, content, a: UInt32(id.origin.raw), b: id.sequence,
                c: UInt32(responder.raw), d: UInt32(seeds) | UInt32(peers) << 16)
        case .sealed(let content): Self.head(.sealed, content)
        case .catalogHit(let id, let responder, let entries, let isLast):
            // The length of a page fits beside the bit.
            Self.head(
                .catalogHit, a: UInt32(id.origin.raw), b: id.sequence, c: UInt32(responder.raw),
                d: entries << 1 | isLast.bit)
        case .rollHit(let id, let responder, let entries, let isLast):
            Self.head(
                .rollHit, a: UInt32(id.origin.raw), b: id.sequence, c: UInt32(responder.raw),
                d: entries << 1 | isLast.bit)
        case .withdrawn(let count): Self.head(.withdrawn, a: count)
        case .changed: Self.head(.changed)
        case .readRest(let content): Self.head(.readRest, content)
        case .group(let message): message.head
        }
    }

    package var takesTail: Bool {
        switch self {
        case .query, .queryHit, .sealed, .catalogHit, .rollHit, .withdrawn: true
        case .changed, .readRest: false
        case .group(let message): message.takesTail
        }
    }

    package static func reading(
        _ kind: Kind, _ head: Head
    ) throws(WireError) -> OverlayMessage {
        switch kind {
        case .query:
            return .query(
                head.content, try QueryID(head), timeToLive: head.c,
                by: try Selector(field: head.d))
        case .queryHit:
            return .queryHit(
                head.content, try QueryID(head), responder: try Rank(field: head.c),
                seeds: UInt16(truncatingIfNeeded: head.d),
                peers: UInt16(truncatingIfNeeded: head.d >> 16))
        case .sealed: return .sealed(head.content)
        case .catalogHit:
            return .catalogHit(
                try QueryID(head), responder: try Rank(field: head.c), entries: head.d >> 1,
                isLast: head.d & 1 == 1)
        case .rollHit:
            return .rollHit(
                try QueryID(head), responder: try Rank(field: head.c), entries: head.d >> 1,
                isLast: head.d & 1 == 1)
        case .withdrawn: return .withdrawn(count: head.a)
        case .changed: return .changed
        case .readRest: return .readRest(head.content)
        case .groupReady, .groupDone, .groupReport, .jobOver, .groupWorking, .groupList,
            .groupPrepared, .groupNews, .groupDisagreement, .groupClosed, .jobState, .jobClosed,
            .groupNoted, .groupMeasured, .groupAwaits, .groupRoom, .groupShutdown:
            return .group(try GroupMessage(parsing: head))
        }
    }
}
