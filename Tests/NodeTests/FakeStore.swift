import Vocabulary

/// A content of these tests: `total` bytes in pieces, each byte a function of its position; or
/// labels, if a piece has no length. Its manifest is the three numbers.
struct FakeContent {
    let content: ContentID
    let geometry: Geometry

    static func labels(_ number: UInt64, pieces: Int) -> FakeContent? {
        Geometry(labels: pieces).map {
            FakeContent(content: .init(high: 1, low: number), geometry: $0)
        }
    }

    static func bytes(_ number: UInt64, total: Int64, pieceLength: Int64) -> FakeContent? {
        Geometry(total: ByteCount(total), pieceLength: ByteCount(pieceLength)).map {
            FakeContent(content: .init(high: 2, low: number), geometry: $0)
        }
    }

    var manifest: [UInt8] {
        [geometry.total.raw, geometry.pieceLength.raw, Int64(geometry.pieceCount)].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
    }

    static func geometry(of manifest: [UInt8]) -> Geometry? {
        guard manifest.count == 24 else { return nil }
        let words = (0..<3).map { word -> Int64 in
            manifest[word * 8..<word * 8 + 8].reversed().reduce(0) { $0 << 8 | Int64($1) }
        }
        return words[1] == 0
            ? Geometry(labels: Int(words[2]))
            : Geometry(total: ByteCount(words[0]), pieceLength: ByteCount(words[1]))
    }

    func piece(_ piece: PieceIndex) -> [UInt8] {
        let start = Int(geometry.offset(of: piece)) + Int(content.low)
        return (0..<geometry.size(of: piece)).map { UInt8(truncatingIfNeeded: start + $0 * 31) }
    }
}

/// A store that keeps no bytes but checks all of them; the reader computes them again.
struct FakeStore: ~Copyable, Store {
    typealias Payload = [UInt8]

    private let contents: [FakeContent]
    private var events: [StoreEvent] = []
    let finished: FinishedLog

    init(_ contents: [FakeContent], _ finished: FinishedLog) {
        self.contents = contents
        self.finished = finished
    }

    mutating func perform(_ order: StoreOrder, bytes: RawSpan) {
        switch order {
        case .open(let content):
            let manifest = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
            opened(content, FakeContent.geometry(of: manifest))
        case .openFetched(let content, _):
            opened(content, contents.first { $0.content == content }?.geometry)
        case .finish(let content, let want):
            finished.wants.append(want)
            events.append(.finished(content, want))
        case .proof(let content, let order):
            if let answer = order.answer(provenByManifest: content) { events.append(answer) }
        case .settle, .lookAgain, .removeSource, .aim, .release, .forsake: break
        }
    }

    private mutating func opened(_ content: ContentID, _ geometry: Geometry?) {
        events.append(.opened(content, geometry.map { OpenedContent($0) }))
    }

    mutating func blank(byteCount: Int) -> [UInt8] { [UInt8](repeating: 0, count: byteCount) }

    mutating func keep(
        _ payload: consuming [UInt8], as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        guard content != finished.failing else {
            return events.append(.failed(content, .noSpace))
        }
        let isGood = contents.first { $0.content == content }?.piece(piece) == payload
        events.append(isGood ? .kept(piece, of: content) : .bad(piece, of: content))
    }

    mutating func discard(_ payload: consuming [UInt8]) {}

    mutating func next() -> StoreEvent? { events.isEmpty ? nil : events.removeFirst() }
}

final class FinishedLog {
    var wants: [WantNumber] = []
    /// The disk takes no piece of this content.
    var failing: ContentID?
    /// The disk does not give this piece back.
    var unreadable: (piece: PieceIndex, content: ContentID)?
}

struct FakeReader: ~Copyable, PieceReader {
    typealias Payload = [UInt8]

    let contents: [FakeContent]
    private var outcomes: [ReadOutcome] = []
    private var atHand: [ReadTicket: [UInt8]] = [:]

    private let log: FinishedLog

    init(_ contents: [FakeContent], _ log: FinishedLog) {
        self.contents = contents
        self.log = log
    }

    mutating func read(_ piece: PieceIndex, of content: ContentID, ticket: ReadTicket) {
        if let unreadable = log.unreadable, unreadable == (piece, content) {
            return outcomes.append(ReadOutcome(ticket, isGood: false))
        }
        atHand[ticket] = contents.first { $0.content == content }?.piece(piece)
        outcomes.append(ReadOutcome(ticket, isGood: atHand[ticket] != nil))
    }

    mutating func next() -> ReadOutcome? { outcomes.isEmpty ? nil : outcomes.removeFirst() }

    func payload(of ticket: ReadTicket) -> [UInt8] { atHand[ticket] ?? [] }

    mutating func digests(of content: ContentID, from first: Int, count: Int) -> [UInt8]? { nil }

    mutating func release(_ ticket: ReadTicket) { atHand[ticket] = nil }
}
