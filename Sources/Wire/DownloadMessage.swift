package import Vocabulary

/// The messages to a peer's download thread: answers of trackers, and news and answers of upload
/// threads.
package enum DownloadMessage: WireMessage {
    /// Asks for the list of files of the peer.
    case fileListRequest
    /// The peer is admitted, one of this number of peers.
    case joinAck(peers: UInt32)
    /// The tracker lives too.
    case aliveAck
    /// The tracker has deleted everything about the peer.
    case leaveAck
    /// Contents that exist. Tail: `entries` of `CatalogEntry`, the first at the given position.
    case catalog(from: UInt32, entries: UInt32, isLast: Bool)
    /// The members of the swarm. Tail: a `MemberList`, then the descriptor of the manifest if it
    /// was asked for.
    case swarm(ContentID, want: WantNumber, seeds: UInt32, peers: UInt32)
    /// No rank has it.
    case swarmUnknown(want: WantNumber)
    /// The missing pieces are gone with their last holder.
    case swarmLost(ContentID, missing: UInt32)
    /// The digest table is final. Tail: its digest.
    case seal(ContentID)
    /// A part of the digest table. Tail: the digests.
    case table(ContentID, first: UInt32, count: UInt32)
    /// The pieces that the sender holds. Tail: the bits of `count` pieces from `first`, a multiple
    /// of eight.
    case bitfield(ContentID, first: UInt32, count: UInt32, stance: Stance)
    /// Pieces that the sender has just received. Tail: `count` piece numbers.
    case have(ContentID, count: UInt32)
    /// Requests are not answered from now on.
    case choke
    /// Requests are answered from now on, or the sender makes offers.
    case unchoke(offers: Bool)
    /// The next send can be one of these pieces. With `places`, the number of sends that share the
    /// sender's link, the offer is answered when there is room to receive one of them; without, at
    /// once. Tail: `count` piece numbers.
    case offer(ContentID, number: UInt32, count: UInt32, places: UInt32 = 0)
    /// The piece follows. Tail: the digests of unsealed content, otherwise nothing.
    case ack(ContentID, piece: UInt32, run: UInt32, request: RequestNumber)
    /// The piece does not follow: the receiver should ask another source.
    case nack(ContentID, piece: UInt32, request: RequestNumber, Refusal)
    /// The sender leaves, and can be forgotten.
    case gone
    /// Asks for the entries of this SOURCE.
    case listRequest(source: UInt32)
    /// The work of the rank in this job. Tail: a part of the order; nothing at all if there will be
    /// no job.
    case order(page: UInt32, isLast: Bool)
    /// The publisher is gone, and this rank decides from now on what the digests of the content
    /// are.
    case publisher(ContentID, Rank)
    /// No rank sends the rest of the content any more: the receiver reads it itself.
    case readRest(ContentID)
    /// The needs of this content fit on its device beside those of others, or do not: others need
    /// this much of the free room.
    case room(ContentID, taken: ByteCount, isGranted: Bool)
    /// Ranks of the job. Tail: `entries` of `RollEntry`, the first at the given position.
    case roll(from: UInt32, entries: UInt32, isLast: Bool)
    /// The last owner has removed or changed the content: it exists no longer.
    case withdrawn(ContentID)
    /// The pieces that the sender holds of this content of `pieces` pieces, for a user; 0 if it
    /// does not know the content. Tail: the bits of `count` pieces from `first`.
    case holding(ContentID, first: UInt32, count: UInt32, pieces: UInt32)
    /// The receiver claims its destination for this job, or lets go of it. Tail: its path.
    case claim(number: UInt32, isOn: Bool)
    /// The offer of this number needs no answer any more: the send went to another receiver.
    case offerWithdrawn(ContentID, number: UInt32)

    /// Frozen on the wire: append, never renumber.
    package enum Kind: UInt8, Sendable {
        case fileListRequest = 32
        case joinAck = 33
        case aliveAck = 34
        case leaveAck = 35
        case catalog = 36
        case swarm = 37
        case swarmUnknown = 38
        case swarmLost = 39
        case seal = 40
        case table = 41
        case bitfield = 42
        case have = 43
        case choke = 44
        case unchoke = 45
        case offer = 46
        case ack = 47
        case nack = 48
        case gone = 49
        case listRequest = 50
        case order = 51
        case publisher = 52
        case readRest = 53
        case room = 54
        case roll = 55
        case withdrawn = 56
        case holding = 57
        case claim = 58
        case offerWithdrawn = 59
    }

    package var head: Head {
        switch self {
        case .fileListRequest: Self.head(.fileListRequest)
        case .joinAck(let peers): Self.head(.joinAck, a: peers)
        case .aliveAck: Self.head(.aliveAck)
        case .leaveAck: Self.head(.leaveAck)
        case .catalog(let from, let entries, let isLast):
            Self.head(.catalog, a: from, b: entries, c: isLast.bit)
        case .swarm(let content, let want, let seeds, let peers):
            Self.head(.swarm, content, a: want.raw, b: seeds, c: peers)
        case .swarmUnknown(let want): Self.head(.swarmUnknown, a: want.raw)
        case .swarmLost(let content, let missing): Self.head(.swarmLost, content, a: missing)
        case .seal(let content): Self.head(.seal, content)
        case .table(let content, let first, let count):
            Self.head(.table, content, a: first, b: count)
        case .bitfield(let content, let first, let count, let stance):
            Self.head(.bitfield, content, a: first, b: count, c: stance.rawValue)
        case .have(let content, let count): Self.head(.have, content, a: count)
        case .choke: Self.head(.choke)
        case .unchoke(let offers): Self.head(.unchoke, a: offers.bit)
        case .offer(let content, let number, let count, let places):
            Self.head(.offer, content, a: number, b: count, c: places)
        case .ack(let content, let piece, let run, let request):
            Self.head(.ack, content, a: piece, b: run, c: request.raw)
        case .nack(let content, let piece, let request, let refusal):
            Self.head(.nack, content, a: piece, c: request.raw, d: refusal.rawValue)
        case .gone: Self.head(.gone)
        case .listRequest(let source): Self.head(.listRequest, a: source)
        case .order(let page, let isLast): Self.head(.order, a: page, c: isLast.bit)
        case .publisher(let content, let rank):
            Self.head(.publisher, content, a: UInt32(rank.raw))
        case .readRest(let content): Self.head(.readRest, content)
        case .room(let content, let taken, let isGranted):
            Self.head(.room, content, a: taken.low, b: taken.high, c: isGranted.bit)
        case .roll(let from, let entries, let isLast):
            Self.head(.roll, a: from, b: entries, c: isLast.bit)
        case .withdrawn(let content): Self.head(.withdrawn, content)
        case .holding(let content, let first, let count, let pieces):
            Self.head(.holding, content, a: first, b: count, c: pieces)
        case .claim(let number, let isOn): Self.head(.claim, a: number, c: isOn.bit)
        case .offerWithdrawn(let content, let number):
            Self.head(.offerWithdrawn, content, a: number)
        }
    }

    package var takesTail: Bool {
        switch self {
        case .catalog, .swarm, .seal, .table, .bitfield, .have, .offer, .ack, .order, .roll,
            .holding, .claim:
            true
        case .fileListRequest, .joinAck, .aliveAck, .leaveAck, .swarmUnknown, .swarmLost, .choke,
            .unchoke, .nack, .gone, .listRequest, .publisher, .readRest, .room, .withdrawn,
            .offerWithdrawn:
            false
        }
    }

    package static func reading(
        _ kind: Kind, _ head: Head
    ) throws(WireError) -> DownloadMessage {
        let content = head.content
        let request = RequestNumber(head.c)
        switch kind {
        case .fileListRequest: return .fileListRequest
        case .joinAck: return .joinAck(peers: head.a)
        case .aliveAck: return .aliveAck
        case .leaveAck: return .leaveAck
        case .catalog: return .catalog(from: head.a, entries: head.b, isLast: head.c == 1)
        case .swarm:
            return .swarm(content, want: WantNumber(head.a), seeds: head.b, peers: head.c)
        case .swarmUnknown: return .swarmUnknown(want: WantNumber(head.a))
        case .swarmLost: return .swarmLost(content, missing: head.a)
        case .seal: return .seal(content)
        case .table: return .table(content, first: head.a, count: head.b)
        case .bitfield:
            return .bitfield(
                content, first: head.a, count: head.b, stance: try Stance(field: head.c))
        case .have: return .have(content, count: head.a)
        case .choke: return .choke
        case .unchoke: return .unchoke(offers: head.a == 1)
        case .offer:
            return .offer(content, number: head.a, count: head.b, places: head.c)
        case .ack: return .ack(content, piece: head.a, run: head.b, request: request)
        case .nack:
            let refusal = try Refusal(field: head.d)
            return .nack(content, piece: head.a, request: request, refusal)
        case .gone: return .gone
        case .listRequest: return .listRequest(source: head.a)
        case .order: return .order(page: head.a, isLast: head.c == 1)
        case .publisher: return .publisher(content, try Rank(field: head.a))
        case .readRest: return .readRest(content)
        case .room:
            return .room(
                content, taken: try ByteCount(low: head.a, high: head.b), isGranted: head.c == 1)
        case .roll: return .roll(from: head.a, entries: head.b, isLast: head.c == 1)
        case .withdrawn: return .withdrawn(content)
        case .holding:
            return .holding(content, first: head.a, count: head.b, pieces: head.c)
        case .claim: return .claim(number: head.a, isOn: head.c == 1)
        case .offerWithdrawn: return .offerWithdrawn(content, number: head.a)
        }
    }
}
