package import Vocabulary

/// The messages between the trackers and the one that counts: the progress of the groups and of the
/// job. Every state is sent again and again, so that another tracker may count when that one is
/// lost.
package enum GroupMessage: WireMessage {
    /// All lists of the group are in.
    case ready(peers: UInt32)
    /// All peers of the group are done.
    case done(peers: UInt32, failed: UInt32)
    /// A report of a peer of the group. Tail: a page of `ReportEntry`.
    case report(of: Rank, page: UInt32, entries: UInt32, isLast: Bool)
    /// Every group is done: the receiver ends its group.
    case jobOver
    /// The group lives, and is neither ready nor done.
    case working(peers: UInt32)
    /// The files that a peer of the group wants. Tail: `entries` of `FileListEntry`.
    case list(of: Rank, page: UInt32, entries: UInt32, isLast: Bool)
    /// The reason why a peer of the group cannot begin. Tail: its text.
    case prepared(of: Rank, Readiness)
    /// The fate of a peer of the group.
    case news(of: Rank, PeerNews)
    /// Different contents have one name. Tail: the owners, `owners` of them, and the name.
    case disagreement(owners: UInt32)
    /// All peers of the group have left, and their reports are passed on. The numbers are those of
    /// the queries and hits that the sender sent.
    case closed(queries: UInt32, hits: UInt32)
    /// The progress of the job. Tail: the trackers that are lost, `lost` of them.
    case jobState(JobPhase, lost: UInt32)
    /// Every group is closed: the receiver leaves.
    case jobClosed
    /// A warning of a peer of the group about itself, which rank 0 prints. Tail: its text.
    case noted(of: Rank)
    /// The room that a content needs on the disk of a peer of the group. Tail: that number, what is
    /// free there, and the number of the device.
    case measured(of: Rank, ContentID)
    /// A peer of the group will write nothing more, or is back.
    case awaits(of: Rank, isGone: Bool)
    /// Whether the content fits beside the needs of other ranks of its host; its tracker passes
    /// this on. Tail: the needs of the others.
    case room(of: Rank, ContentID, isGranted: Bool)

    /// A user in the group wants the job to end.
    case shutdown

    /// The same numbers as `OverlayMessage.Kind`.
    package enum Kind: UInt8, Sendable {
        case ready = 98
        case done = 99
        case report = 100
        case jobOver = 101
        case working = 102
        case list = 103
        case prepared = 104
        case news = 105
        case disagreement = 106
        case closed = 107
        case jobState = 108
        case jobClosed = 109
        case noted = 112
        case measured = 113
        case awaits = 114
        case room = 115
        case shutdown = 119
    }

    package var head: Head {
        switch self {
        case .ready(let peers): Self.head(.ready, a: peers)
        case .done(let peers, let failed): Self.head(.done, a: peers, b: failed)
        case .report(let peer, let page, let entries, let isLast):
            Self.head(.report, a: UInt32(peer.raw), b: page, c: entries, d: isLast.bit)
        case .jobOver: Self.head(.jobOver)
        case .working(let peers): Self.head(.working, a: peers)
        case .list(let peer, let page, let entries, let isLast):
            Self.head(.list, a: UInt32(peer.raw), b: page, c: entries, d: isLast.bit)
        case .prepared(let peer, let readiness):
            Self.head(.prepared, a: UInt32(peer.raw), b: readiness.rawValue)
        case .news(let peer, let news):
            Self.head(.news, a: UInt32(peer.raw), b: news.rawValue)
        case .disagreement(let owners): Self.head(.disagreement, a: owners)
        case .closed(let queries, let hits): Self.head(.closed, a: queries, b: hits)
        case .jobState(let phase, let lost): Self.head(.jobState, a: phase.rawValue, b: lost)
        case .jobClosed: Self.head(.jobClosed)
        case .noted(let peer): Self.head(.noted, a: UInt32(peer.raw))
        case .measured(let peer, let content):
            Self.head(.measured, content, a: UInt32(peer.raw))
        case .awaits(let peer, let isGone):
            Self.head(.awaits, a: UInt32(peer.raw), b: isGone.bit)
        case .room(let peer, let content, let isGranted):
            Self.head(.room, content, a: UInt32(peer.raw), b: isGranted.bit)
        case .shutdown: Self.head(.shutdown)
        }
    }

    package var takesTail: Bool {
        switch self {
        case .report, .list, .prepared, .disagreement, .jobState, .noted, .measured, .room: true
        case .ready, .done, .jobOver, .working, .news, .closed, .jobClosed, .awaits,
            .shutdown:
            false
        }
    }

    package static func reading(
        _ kind: Kind, _ head: Head
    ) throws(WireError) -> GroupMessage {
        switch kind {
        case .ready: return .ready(peers: head.a)
        case .done: return .done(peers: head.a, failed: head.b)
        case .report:
            return .report(
                of: try Rank(field: head.a), page: head.b, entries: head.c, isLast: head.d == 1)
        case .jobOver: return .jobOver
        case .working: return .working(peers: head.a)
        case .list:
            return .list(
                of: try Rank(field: head.a), page: head.b, entries: head.c, isLast: head.d == 1)
        case .prepared:
            return .prepared(of: try Rank(field: head.a), try Readiness(field: head.b))
        case .news: return .news(of: try Rank(field: head.a), try PeerNews(field: head.b))
        case .disagreement: return .disagreement(owners: head.a)
        case .closed: return .closed(queries: head.a, hits: head.b)
        case .jobState: return .jobState(try JobPhase(field: head.a), lost: head.b)
        case .jobClosed: return .jobClosed
        case .noted: return .noted(of: try Rank(field: head.a))
        case .measured: return .measured(of: try Rank(field: head.a), head.content)
        case .awaits: return .awaits(of: try Rank(field: head.a), isGone: head.b == 1)
        case .room:
            return .room(of: try Rank(field: head.a), head.content, isGranted: head.b == 1)
        case .shutdown: return .shutdown
        }
    }
}
