package import Vocabulary

/// The messages to a peer's upload thread: requests of download threads, and the last message of
/// its tracker.
package enum UploadMessage: WireMessage {
    /// All peers are done: the receiver stops serving.
    case terminate
    /// Asks which pieces the receiver holds, and subscribes both sides to news. Tail: the bits of
    /// the `count` pieces from `first`, a multiple of eight, that the sender holds.
    case piecesQuery(ContentID, first: UInt32, count: UInt32)
    /// The receiver has something that the sender lacks.
    case interested(ContentID)
    /// The receiver no longer has anything that the sender lacks.
    case notInterested(ContentID)
    /// The sender already holds these pieces of the offer. Tail: `count` piece numbers.
    case decline(ContentID, offer: UInt32, count: UInt32)
    /// Asks for this piece and the `run − 1` that follow it. `offer` is 0 when nothing was offered.
    case request(ContentID, piece: UInt32, run: UInt32, request: RequestNumber, offer: UInt32)
    /// The request is withdrawn.
    case cancel(ContentID, request: RequestNumber)
    /// Asks for this part of the digest table.
    case tableRequest(ContentID, first: UInt32, count: UInt32)
    /// Asks, for a user, which pieces the receiver holds from `first`, a multiple of eight. It
    /// subscribes to nothing.
    case holdingQuery(ContentID, first: UInt32)
    /// The same as `terminate`, to a rank whose source was collected: all of it has its final names
    /// at the destination, and the receiver may remove it.
    case collected

    /// Frozen on the wire: append, never renumber.
    package enum Kind: UInt8, Sendable {
        case terminate = 64
        case piecesQuery = 65
        case interested = 66
        case notInterested = 67
        case decline = 68
        case request = 69
        case cancel = 70
        case tableRequest = 71
        case holdingQuery = 72
        case collected = 73
    }

    package var head: Head {
        switch self {
        case .terminate: Self.head(.terminate)
        case .piecesQuery(let content, let first, let count):
            Self.head(.piecesQuery, content, a: first, b: count)
        case .interested(let content): Self.head(.interested, content)
        case .notInterested(let content): Self.head(.notInterested, content)
        case .decline(let content, let offer, let count):
            Self.head(.decline, content, a: offer, b: count)
        case .request(let content, let piece, let run, let request, let offer):
            Self.head(.request, content, a: piece, b: run, c: request.raw, d: offer)
        case .cancel(let content, let request): Self.head(.cancel, content, c: request.raw)
        case .tableRequest(let content, let first, let count):
            Self.head(.tableRequest, content, a: first, b: count)
        case .holdingQuery(let content, let first): Self.head(.holdingQuery, content, a: first)
        case .collected: Self.head(.collected)
        }
    }

    package var takesTail: Bool {
        switch self {
        case .piecesQuery, .decline: true
        case .terminate, .interested, .notInterested, .request, .cancel, .tableRequest,
            .holdingQuery, .collected:
            false
        }
    }

    package static func reading(
        _ kind: Kind, _ head: Head
    ) throws(WireError) -> UploadMessage {
        let content = head.content
        let request = RequestNumber(head.c)
        switch kind {
        case .terminate: return .terminate
        case .piecesQuery: return .piecesQuery(content, first: head.a, count: head.b)
        case .interested: return .interested(content)
        case .notInterested: return .notInterested(content)
        case .decline: return .decline(content, offer: head.a, count: head.b)
        case .request:
            return .request(
                content, piece: head.a, run: head.b, request: request, offer: head.d)
        case .cancel: return .cancel(content, request: request)
        case .tableRequest: return .tableRequest(content, first: head.a, count: head.b)
        case .holdingQuery: return .holdingQuery(content, first: head.a)
        case .collected: return .collected
        }
    }
}
