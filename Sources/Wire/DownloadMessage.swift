package import Vocabulary

/// What a peer's download thread reads: answers of trackers, pushes and answers of upload threads.
package enum DownloadMessage: WireMessage {
    /// Who are you? Send your list.
    case fileListRequest
    /// You are in, one of so many peers.
    case joinAck(peers: UInt32)
    /// I live too.
    case aliveAck
    case leaveAck
    /// What exists. Tail: `entries` of `CatalogEntry`, the first at the given position.
    case catalog(from: UInt32, entries: UInt32, isLast: Bool)
    /// Who is in the swarm. Tail: a `MemberList`, then the manifest's descriptor if asked for.
    case swarm(ContentID, want: WantNumber, seeds: UInt32, peers: UInt32)
    /// Nobody has it.
    case swarmUnknown(want: WantNumber)
    /// What is missing died with its last holder.
    case swarmLost(ContentID, missing: UInt32)
    /// The digest table is final. Tail: its digest.
    case seal(ContentID)
    /// A part of the digest table. Tail: the digests.
    case table(ContentID, first: UInt32, count: UInt32)
    /// What I hold. Tail: the bits of `count` pieces from `first`, a multiple of eight.
    case bitfield(ContentID, first: UInt32, count: UInt32, stance: Stance)
    /// What I just got. Tail: `count` piece numbers.
    case have(ContentID, count: UInt32)
    /// Do not ask.
    case choke
    /// Ask, or wait for what I offer.
    case unchoke(offers: Bool)
    /// My next send can be yours. Tail: `count` piece numbers.
    case offer(ContentID, number: UInt32, count: UInt32)
    /// Here it comes. Tail: the digests of unsealed content, else nothing.
    case ack(ContentID, piece: UInt32, run: UInt32, request: RequestNumber)
    /// Try elsewhere.
    case nack(ContentID, piece: UInt32, request: RequestNumber, Refusal)
    /// I leave: forget me.
    case gone
    /// List what lies where this SOURCE is.
    case listRequest(source: UInt32)
    /// What you have to do. Tail: a part of the order; nothing at all when the job is not to be.
    case order(page: UInt32, isLast: Bool)
    /// Whoever published it is gone: from now on this rank says what its digests are.
    case publisher(ContentID, Rank)
    /// Nobody sends the rest of it any more: read it yourself.
    case readRest(ContentID)
    /// What was measured for this content fits beside what else comes to that device, or does not:
    /// so much of what is free others need.
    case room(ContentID, taken: ByteCount, isGranted: Bool)
    /// Who is there. Tail: `entries` of `RollEntry`, the first at the given position.
    case roll(from: UInt32, entries: UInt32, isLast: Bool)
    /// Its last owner removed or changed it: it is no more.
    case withdrawn(ContentID)
    /// What I hold of this content of `pieces` pieces, as a user asked; none where I do not know
    /// it. Tail: the bits of `count` pieces from `first`.
    case holding(ContentID, first: UInt32, count: UInt32, pieces: UInt32)

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
        case .offer(let content, let number, let count):
            Self.head(.offer, content, a: number, b: count)
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
        }
    }

    package var takesTail: Bool {
        switch self {
        case .catalog, .swarm, .seal, .table, .bitfield, .have, .offer, .ack, .order, .roll,
            .holding:
            true
        case .fileListRequest, .joinAck, .aliveAck, .leaveAck, .swarmUnknown, .swarmLost, .choke,
            .unchoke, .nack, .gone, .listRequest, .publisher, .readRest, .room, .withdrawn:
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
        case .offer: return .offer(content, number: head.a, count: head.b)
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
        }
    }
}
