import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A request as its reader sees it.
struct Asked: Hashable {
    let to: Int32
    let piece: Int
    let number: UInt32
    let offer: UInt32
}

/// A downloader that wants one content of ten-byte pieces, and a clock. Every event is followed
/// by a check of the downloader's invariants.
struct Client {
    private(set) var downloader: Downloader
    private(set) var now = Tick.zero
    private(set) var effects = Effects<DownloaderEffect>()
    private let pieceCount: Int
    /// The earliest alarm of what was drained.
    private var heardAlarm = Tick.never

    static let content = ContentID(high: 7, low: 7)
    static let rank = Rank(99)
    static let tracker: Int32 = 0

    init(
        _ pieceCount: Int, want: String..., owns: String? = nil,
        rules change: (inout DownloaderRules) -> Void = { _ in }, isLive: Bool = false
    ) throws {
        var rules = DownloaderRules(tracker: Rank(Self.tracker))
        rules.picker = .sequential
        change(&rules)
        var share = Share()
        for name in want.isEmpty && !isLive ? ["a"] : want {
            share.wants.append(try RelativePath(name))
        }
        if let owns, let geometry = Self.geometry(pieceCount) {
            share.owned = [
                Share.Owned(
                    name: try RelativePath(owns), content: Self.content, geometry: geometry,
                    manifest: Descriptor(inline: [1]))
            ]
        }
        self.pieceCount = pieceCount
        downloader = Downloader(
            rules: rules, rank: Self.rank, share: share, now: .zero, effects: &effects)
        downloader.checkInvariants()
    }

    /// A client that knows its content, and these ranks as its sources, each with the pieces it
    /// holds and its stance. A rank that holds everything is met as a seed.
    static func fetching(
        _ pieceCount: Int, _ sources: [Int32: String], stance: Stance = .open,
        asLabels: Bool = false, rules change: (inout DownloaderRules) -> Void = { _ in }
    ) throws -> Client {
        var client = try Client(pieceCount, rules: change)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        let ranks = sources.keys.sorted()
        let seeds = ranks.filter { sources[$0]?.allSatisfy { $0 == "#" } == true }
        try client.swarm(seeds: seeds, peers: ranks.filter { !seeds.contains($0) })
        client.open { opened in
            if asLabels { Geometry(labels: pieceCount).map { opened = OpenedContent($0) } }
        }
        for rank in ranks {
            try client.bitfield(sources[rank] ?? "", stance: stance, from: rank)
        }
        _ = client.drain()
        return client
    }

    static func geometry(_ pieceCount: Int) -> Geometry? {
        Geometry(total: ByteCount(Int64(pieceCount) * 10), pieceLength: ByteCount(10))
    }

    mutating func hear(
        _ message: DownloadMessage, tail: [UInt8] = [], from rank: Int32 = tracker
    ) throws(WireError) {
        defer { downloader.checkInvariants() }
        try unsafe downloader.received(
            message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
    }

    mutating func swarm(
        seeds: [Int32], peers: [Int32], want: UInt32 = 0, from rank: Int32 = tracker
    ) throws {
        var tail: [UInt8] = []
        MemberList(seeds: seeds.map { Rank($0) }, peers: peers.map { Rank($0) }).write(to: &tail)
        tail += Descriptor(inline: [1]).bytes
        try hear(
            .swarm(
                Self.content, want: WantNumber(want), seeds: UInt32(seeds.count),
                peers: UInt32(peers.count)), tail: tail, from: rank)
    }

    mutating func open(_ change: (inout OpenedContent) -> Void = { _ in }) {
        guard let geometry = Self.geometry(pieceCount) else { return }
        var opened = OpenedContent(geometry)
        change(&opened)
        stored(.opened(Self.content, opened))
    }

    mutating func bitfield(_ holds: String, stance: Stance = .open, from rank: Int32) throws {
        var pieces = PieceSet(none: pieceCount)
        for (piece, mark) in holds.enumerated() where mark == "#" {
            pieces.insert(PieceIndex(piece))
        }
        var tail: [UInt8] = []
        tail.writeBits(of: pieces, first: 0, count: pieceCount)
        try hear(
            .bitfield(Self.content, first: 0, count: UInt32(pieceCount), stance: stance),
            tail: tail, from: rank)
    }

    mutating func offer(
        _ pieces: [Int], number: UInt32 = 1, places: UInt32 = 0, from rank: Int32
    ) throws {
        var tail: [UInt8] = []
        tail.write(pieces.map { PieceIndex($0) }[...])
        try hear(
            .offer(
                Self.content, number: number, count: UInt32(pieces.count), places: places),
            tail: tail, from: rank)
    }

    mutating func ack(_ asked: Asked) throws {
        try hear(
            .ack(
                Self.content, piece: UInt32(asked.piece), run: 1,
                request: RequestNumber(asked.number)), from: asked.to)
    }

    mutating func nack(_ asked: Asked, _ refusal: Refusal) throws {
        try hear(
            .nack(
                Self.content, piece: UInt32(asked.piece), request: RequestNumber(asked.number),
                refusal), from: asked.to)
    }

    mutating func payload(_ asked: Asked, byteCount: Int = 10) {
        downloader.payloadArrived(
            RequestNumber(asked.number), byteCount: byteCount, now: now, effects: &effects)
        downloader.checkInvariants()
    }

    mutating func withdrawn(_ number: RequestNumber) {
        downloader.withdrawn(number)
        downloader.checkInvariants()
    }

    /// Whether its buffer is with the network, so that a payload can come.
    func isLent(_ asked: Asked) -> Bool {
        downloader.requests.contains {
            $0.number.raw == asked.number && $0.arrivedCount == nil
        }
    }

    mutating func stored(_ event: StoreEvent) {
        downloader.stored(event, now: now, effects: &effects)
        downloader.checkInvariants()
    }

    mutating func kept(_ asked: Asked) { stored(.kept(PieceIndex(asked.piece), of: Self.content)) }

    mutating func bad(_ asked: Asked) { stored(.bad(PieceIndex(asked.piece), of: Self.content)) }

    /// The piece arrives, complete and right.
    mutating func deliver(_ asked: Asked) throws {
        try ack(asked)
        payload(asked)
        kept(asked)
    }

    mutating func note(_ note: DownloaderNote) {
        downloader.noted(note, now: now, effects: &effects)
        downloader.checkInvariants()
    }

    mutating func step() {
        downloader.stepEnded(now: now, effects: &effects)
        downloader.checkInvariants()
    }

    /// Lets time pass until the next alarm, and no longer.
    mutating func wakeUp() {
        let alarms = effects.list.compactMap { if case .wake(let tick) = $0 { tick } else { nil } }
        guard let alarm = (alarms + [heardAlarm]).filter({ $0 > now }).min() else { return }
        now = alarm
        heardAlarm = .never
        effects.removeAll()
        downloader.timeout(now: now, effects: &effects)
        downloader.checkInvariants()
        step()
    }

    /// Lets time pass in tenths of a second, as alarms would, with a tracker that lives.
    mutating func pass(_ time: Duration, trackerLives: Bool = true) throws {
        let end = now + time
        while now < end {
            now = min(end, now + .milliseconds(100))
            if trackerLives { try hear(.aliveAck) }
            downloader.timeout(now: now, effects: &effects)
            downloader.checkInvariants()
            step()
        }
    }

    /// The process is stopped for this time, and its tracker with it or not.
    mutating func stand(still time: Duration) {
        now = now + time
        downloader.timeout(now: now, effects: &effects)
        downloader.checkInvariants()
        step()
    }

    /// The effects since the last call.
    mutating func drain() -> [DownloaderEffect] {
        for case .wake(let tick) in effects.list { heardAlarm = min(heardAlarm, tick) }
        defer { effects.removeAll() }
        return effects.list
    }

    /// The requests of a step, and those before it.
    mutating func asks() -> [Asked] {
        step()
        return Self.asks(drain())
    }

    static func asks(_ list: [DownloaderEffect]) -> [Asked] {
        list.compactMap { effect in
            guard
                case .send(.upload(.request(_, let piece, _, let number, let offer)), _, let rank) =
                    effect
            else { return nil }
            return Asked(to: rank.raw, piece: Int(piece), number: number.raw, offer: offer)
        }
    }

    static func sent(_ message: UploadMessage, to rank: Int32) -> DownloaderEffect {
        .send(.upload(message), .none, to: Rank(rank))
    }

    static func told(_ message: TrackerMessage) -> DownloaderEffect {
        .send(.tracker(message), .none, to: Rank(tracker))
    }

    static func cancel(_ asked: Asked) -> DownloaderEffect {
        sent(.cancel(content, request: RequestNumber(asked.number)), to: asked.to)
    }

    var transfer: Transfer { downloader.transfers[0] }

    func window(of rank: Int32) -> Int? { source(rank)?.window }

    func source(_ rank: Int32) -> SourceRow? {
        transfer.sources.list.first { $0.rank.raw == rank }
    }
}
