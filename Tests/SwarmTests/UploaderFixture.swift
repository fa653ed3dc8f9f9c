import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The effects of an uploader, with the bytes of each tail and without its alarms.
enum Act: Equatable {
    case send(DownloadMessage, to: Int32, tail: [UInt8])
    case read(Int, ReadTicket)
    case sendPayload(ReadTicket, to: Int32, UInt32)
    case sendTable(first: Int, count: Int, to: Int32)
    case release(ReadTicket)
    case tell(DownloaderNote)
    case happened(Happening)
    case ended

    static func send(_ message: DownloadMessage, to rank: Int32) -> Act {
        .send(message, to: rank, tail: [])
    }

    static func nack(_ piece: UInt32, _ request: UInt32, _ refusal: Refusal, to rank: Int32) -> Act
    {
        .send(
            .nack(UploaderFixture.content, piece: piece, request: RequestNumber(request), refusal),
            to: rank)
    }

    static func ack(_ piece: UInt32, _ request: UInt32, to rank: Int32) -> Act {
        .send(
            .ack(UploaderFixture.content, piece: piece, run: 1, request: RequestNumber(request)),
            to: rank)
    }
}

/// An offer as its reader sees it.
struct SeenOffer: Equatable {
    let to: Int32
    let number: UInt32
    let pieces: [Int]
}

/// An uploader with one content of ten-byte pieces, and a clock. Every event is followed by a
/// check of the uploader's invariants.
struct UploaderFixture {
    private(set) var uploader: Uploader
    private(set) var now = Tick.zero
    private var effects = Effects<UploaderEffect>()
    private let pieceCount: Int

    static let content = ContentID(high: 7, low: 7)
    static let tracker = Rank(0)

    /// `owned` is nil where the content is not open yet.
    init(_ pieceCount: Int, owned: Bool? = true, rules change: (inout UploaderRules) -> Void) {
        self.pieceCount = pieceCount
        var rules = UploaderRules(tracker: Self.tracker)
        // Most sends of these tests take a second.
        rules.firstSendPatience = .seconds(2)
        change(&rules)
        uploader = Uploader(
            rules: rules, rank: Rank(99),
            owned: owned == true ? [(Self.content, Self.geometry(pieceCount))] : [])
        if owned == false { open() }
    }

    mutating func open() {
        let held = PieceSet(none: pieceCount)
        note(.contentOpened(Self.content, Self.geometry(pieceCount), held: held))
    }

    mutating func reopen(held: PieceSet) {
        note(.contentOpened(Self.content, Self.geometry(pieceCount), held: held))
    }

    static func cooperative(
        _ pieceCount: Int, owned: Bool = true, sends: Int = 1, perOffer: Int = 4
    ) -> UploaderFixture {
        UploaderFixture(pieceCount, owned: owned) {
            $0.serving = .cooperative
            $0.sendsActiveMax = sends
            $0.piecesPerOffer = perOffer
        }
    }

    private static func geometry(_ pieceCount: Int) -> Geometry {
        guard
            let geometry = Geometry(
                total: ByteCount(Int64(pieceCount) * 10), pieceLength: ByteCount(10))
        else { preconditionFailure("ten bytes are a piece") }
        return geometry
    }

    mutating func hear(
        _ message: UploadMessage, tail: [UInt8] = [], from rank: Int32
    ) throws(WireError) {
        defer { uploader.checkInvariants() }
        try unsafe uploader.received(
            message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
    }

    mutating func note(_ note: UploaderNote) {
        uploader.noted(note, now: now, effects: &effects)
        uploader.checkInvariants()
    }

    /// Adds a neighbour with the pieces that it holds: `#` is held.
    mutating func meet(_ rank: Int32, _ holds: String = "", isInterested: Bool = true) throws {
        var pieces = PieceSet(none: pieceCount)
        for (piece, mark) in holds.enumerated() where mark == "#" {
            pieces.insert(PieceIndex(piece))
        }
        note(.neighbourHolds(Rank(rank), pieces, of: Self.content))
        if isInterested { try hear(.interested(Self.content), from: rank) }
    }

    /// A neighbour that holds nothing introduces itself.
    mutating func greet(from rank: Int32) throws {
        try hear(.piecesQuery(Self.content, first: 0, count: 0), from: rank)
    }

    mutating func store(
        _ pieces: Int..., from rank: Int32 = 50, in time: Duration = .milliseconds(100)
    ) {
        for piece in pieces {
            note(
                .pieceStored(
                    PieceIndex(piece), of: Self.content, from: Rank(rank), byteCount: 10,
                    in: time))
        }
    }

    mutating func request(
        _ piece: Int, _ request: UInt32, offer: UInt32 = 0, from rank: Int32
    ) throws {
        try hear(
            .request(
                Self.content, piece: UInt32(piece), run: 1, request: RequestNumber(request),
                offer: offer), from: rank)
    }

    /// Without checks, for many pieces.
    mutating func requestAndCancel(_ request: UInt32) throws {
        let number = RequestNumber(request)
        let messages: [UploadMessage] = [
            .request(Self.content, piece: 0, run: 1, request: number, offer: 0),
            .cancel(Self.content, request: number),
        ]
        let none: [UInt8] = []
        for message in messages {
            try unsafe uploader.received(
                message, tail: none.span.bytes, from: Rank(1), now: now, effects: &effects)
        }
        effects.removeAll()
    }

    /// The whole way of one piece, without checks, for many pieces.
    mutating func serve(_ request: UInt32) throws {
        try self.request(unchecked: request)
        uploader.stepEnded(now: now, effects: &effects)
        uploader.readDone(ReadTicket(request), isGood: true, now: now, effects: &effects)
        uploader.stepEnded(now: now, effects: &effects)
        uploader.payloadSent(RequestNumber(request), to: Rank(1), now: now)
        effects.removeAll()
    }

    private mutating func request(unchecked request: UInt32) throws {
        let none: [UInt8] = []
        try unsafe uploader.received(
            .request(
                Self.content, piece: 0, run: 1, request: RequestNumber(request), offer: 0),
            tail: none.span.bytes, from: Rank(1), now: now, effects: &effects)
    }

    mutating func decline(_ offer: UInt32, held: [Int] = [], from rank: Int32) throws {
        var tail: [UInt8] = []
        tail.write(held.map { PieceIndex($0) }[...])
        try hear(
            .decline(Self.content, offer: offer, count: UInt32(held.count)), tail: tail,
            from: rank)
    }

    mutating func step() {
        uploader.stepEnded(now: now, effects: &effects)
        uploader.checkInvariants()
    }

    /// Lets time pass, and calls the uploader's `timeout`.
    mutating func pass(_ time: Duration) {
        now = now + time
        uploader.timeout(now: now, effects: &effects)
        uploader.checkInvariants()
        step()
    }

    mutating func readDone(_ ticket: ReadTicket, isGood: Bool = true) {
        uploader.readDone(ticket, isGood: isGood, now: now, effects: &effects)
        uploader.checkInvariants()
    }

    mutating func sent(_ request: UInt32, to rank: Int32) {
        uploader.payloadSent(RequestNumber(request), to: Rank(rank), now: now)
        uploader.checkInvariants()
        step()
    }

    /// Steps, with a disk that reads at once, until nothing more is read.
    mutating func stepReading() -> [Act] {
        var acts: [Act] = []
        while true {
            step()
            let some = drain()
            acts += some
            var isReading = false
            for case .read(_, let ticket) in some {
                isReading = true
                readDone(ticket)
            }
            guard isReading else { return acts }
        }
    }

    /// The effects since the last call, without alarms.
    mutating func drain() -> [Act] {
        defer { effects.removeAll() }
        return effects.list.compactMap { effect in
            switch effect {
            case .send(.download(let message), let tail, let rank):
                .send(message, to: rank.raw, tail: Array(effects.bytes(of: tail)))
            case .send, .wake: nil
            case .read(let piece, _, let ticket): .read(piece.position, ticket)
            case .sendPayload(let ticket, let rank, let request, _):
                .sendPayload(ticket, to: rank.raw, request.raw)
            case .sendTable(_, let first, let count, let rank):
                .sendTable(first: first, count: count, to: rank.raw)
            case .release(let ticket): .release(ticket)
            case .tell(let note): .tell(note)
            case .happened(let happening): .happened(happening)
            case .ended: .ended
            }
        }
    }

    var alarms: [Tick] {
        effects.list.compactMap { if case .wake(let tick) = $0 { tick } else { nil } }
    }

    /// The offers made by a step that does nothing else.
    mutating func offers() -> [SeenOffer] {
        step()
        return Self.offers(drain())
    }

    static func offers(_ acts: [Act]) -> [SeenOffer] {
        acts.compactMap { act in
            guard case .send(.offer(_, let number, _, _), let rank, let tail) = act else {
                return nil
            }
            return SeenOffer(to: rank, number: number, pieces: Self.pieces(tail))
        }
    }

    static func pieces(_ tail: [UInt8]) -> [Int] {
        stride(from: 0, to: tail.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | Int(tail[start + $1]) << ($1 * 8) }
        }
    }
}
