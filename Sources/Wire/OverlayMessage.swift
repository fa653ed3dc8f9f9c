package import Vocabulary

/// What a tracker reads from other trackers.
package enum OverlayMessage: WireMessage {
    /// Who holds this? Flooded. Tail: the name or the digest, by selector.
    case query(ContentID, QueryID, timeToLive: UInt32, by: Selector)
    /// One tracker's answer, possibly empty, by the reverse path. Tail: a `MemberList`, then the
    /// manifest's descriptor.
    case queryHit(ContentID, QueryID, responder: Rank, seeds: UInt16, peers: UInt16)
    /// All of my group's lists are in.
    case groupReady(peers: UInt32)
    /// All of my group's peers are done.
    case groupDone(peers: UInt32, failed: UInt32)
    /// What my group did. Tail: a page of `ReportEntry`, of the given peer.
    case groupReport(of: Rank, page: UInt32, entries: UInt32, isLast: Bool)
    /// Every group is done.
    case jobOver

    /// Frozen on the wire: append, never renumber.
    package enum Kind: UInt8, Sendable {
        case query = 96
        case queryHit = 97
        case groupReady = 98
        case groupDone = 99
        case groupReport = 100
        case jobOver = 101
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
        case .groupReady(let peers): Self.head(.groupReady, a: peers)
        case .groupDone(let peers, let failed): Self.head(.groupDone, a: peers, b: failed)
        case .groupReport(let peer, let page, let entries, let isLast):
            Self.head(
                .groupReport, a: UInt32(peer.raw), b: page, c: entries, d: isLast.bit)
        case .jobOver: Self.head(.jobOver)
        }
    }

    package var takesTail: Bool {
        switch self {
        case .query, .queryHit, .groupReport: true
        case .groupReady, .groupDone, .jobOver: false
        }
    }

    package static func reading(
        _ kind: Kind, _ head: Head
    ) throws(WireError) -> OverlayMessage {
        switch kind {
        case .query:
            return .query(
                head.content, QueryID(origin: try Rank(field: head.a), sequence: head.b),
                timeToLive: head.c, by: try Selector(field: head.d))
        case .queryHit:
            return .queryHit(
                head.content, QueryID(origin: try Rank(field: head.a), sequence: head.b),
                responder: try Rank(field: head.c), seeds: UInt16(truncatingIfNeeded: head.d),
                peers: UInt16(truncatingIfNeeded: head.d >> 16))
        case .groupReady: return .groupReady(peers: head.a)
        case .groupDone: return .groupDone(peers: head.a, failed: head.b)
        case .groupReport:
            return .groupReport(
                of: try Rank(field: head.a), page: head.b, entries: head.c, isLast: head.d == 1)
        case .jobOver: return .jobOver
        }
    }
}

/// Names one flooded query, wherever it has wandered.
package struct QueryID: Hashable, Sendable {
    package let origin: Rank
    package let sequence: UInt32

    package init(origin: Rank, sequence: UInt32) {
        self.origin = origin
        self.sequence = sequence
    }
}

extension Rank {
    init(field: UInt32) throws(WireError) {
        guard let raw = Int32(exactly: field) else { throw .malformed }
        self.init(raw)
    }
}
