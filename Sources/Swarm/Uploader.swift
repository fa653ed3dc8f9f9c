package import Vocabulary
package import Wire

/// Serves requests, says what we hold, and announces what we get to those who lack it.
///
///     serving → over, by the tracker's word
///
/// Invariant: a piece is announced, and served, only after the downloader said that it is
/// stored.
package struct Uploader: Sendable {
    /// Pieces being read for somebody. A requester's own window is smaller by far.
    package static let readsMax = 1024

    private struct ReadRow {
        let ticket: ReadTicket
        let content: ContentID
        let piece: PieceIndex
        let request: RequestNumber
        let to: Rank
    }

    let tracker: Rank
    package private(set) var isOver = false
    private var contents: [ServedContent] = []
    private var indexOfContent: [ContentID: Int] = [:]
    private var reads: [ReadRow] = []
    private var nextTicket: UInt32 = 0

    /// `owned` are complete; each counts as stored.
    package init(tracker: Rank, owned: [(content: ContentID, geometry: Geometry)]) {
        self.tracker = tracker
        for (content, geometry) in owned {
            add(ServedContent(content, geometry, held: PieceSet(all: geometry.pieceCount)))
        }
    }

    private mutating func add(_ row: ServedContent) {
        guard indexOfContent[row.content] == nil else { return }
        indexOfContent[row.content] = contents.count
        contents.append(row)
    }

    package mutating func noted(_ note: UploaderNote) {
        switch note {
        case .contentOpened(let content, let geometry):
            add(ServedContent(content, geometry, held: PieceSet(none: geometry.pieceCount)))
        case .pieceStored(let piece, let content):
            guard let index = indexOfContent[content] else { return }
            if contents[index].held.insert(piece) { contents[index].fresh.append(piece) }
        case .neighbourHolds(let rank, let pieces, let content):
            guard let index = indexOfContent[content] else { return }
            contents[index].noteNeighbour(rank, holds: pieces)
        case .neighbourGot(let rank, let pieces, let content):
            guard let index = indexOfContent[content] else { return }
            contents[index].neighbourGot(rank, pieces)
        }
    }

    package mutating func received(
        _ message: UploadMessage, tail: RawSpan, from rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        switch message {
        case .terminate:
            guard rank == tracker else { throw .malformed }
            isOver = true
            effects.append(.tell(.stopping))
            effects.append(.ended)
        case .piecesQuery(let content, let first, let count):
            try queried(content, first, count, tail, by: rank, effects: &effects)
        case .request(let content, let piece, let run, let request, _):
            guard run == 1 else { throw .malformed }
            requested(content, piece, request, by: rank, effects: &effects)
        case .cancel(_, let request): reads.removeAll { $0.to == rank && $0.request == request }
        // Everybody is unchoked here, so interest decides nothing.
        case .interested, .notInterested: break
        // We offer nothing, and publish nothing unsealed.
        case .decline, .tableRequest: throw .malformed
        }
    }

    private mutating func queried(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ tail: RawSpan, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        guard let index = indexOfContent[content] else {
            // Not yet known here. When we learn it we ask in our turn, and are introduced.
            let nothing = DownloadMessage.bitfield(content, first: 0, count: 0, isChoked: false)
            return effects.append(.send(.download(nothing), .none, to: rank))
        }
        var pieces = PieceSet(none: contents[index].geometry.pieceCount)
        try pieces.insert(bits: tail, first: first, count: count)
        contents[index].noteNeighbour(rank, holds: pieces)
        effects.append(.tell(.introduced(rank, pieces, of: content)))
        let held = contents[index].held
        let answer = effects.tail { $0.writeBits(of: held, first: Int(first), count: Int(count)) }
        let message = DownloadMessage.bitfield(content, first: first, count: count, isChoked: false)
        effects.append(.send(.download(message), answer, to: rank))
    }

    private mutating func requested(
        _ content: ContentID, _ piece: UInt32, _ request: RequestNumber, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) {
        func refuse(_ refusal: Refusal) {
            let message = DownloadMessage.nack(content, piece: piece, request: request, refusal)
            effects.append(.send(.download(message), .none, to: rank))
        }
        guard let index = indexOfContent[content] else { return refuse(.noSuchContent) }
        let geometry = contents[index].geometry
        guard let held = PieceIndex(piece, below: geometry.pieceCount),
            contents[index].held.contains(held)
        else { return refuse(.notHeld) }
        guard geometry.carriesBytes else {
            let message = DownloadMessage.ack(content, piece: piece, run: 1, request: request)
            return effects.append(.send(.download(message), .none, to: rank))
        }
        guard reads.count < Self.readsMax else { return refuse(.tooMany) }
        nextTicket &+= 1
        let ticket = ReadTicket(nextTicket)
        reads.append(
            ReadRow(ticket: ticket, content: content, piece: held, request: request, to: rank))
        effects.append(.read(held, of: content, ticket))
    }

    /// What was read is at hand, or could not be read.
    package mutating func readDone(
        _ ticket: ReadTicket, isGood: Bool, effects: inout Effects<UploaderEffect>
    ) {
        guard let index = reads.firstIndex(where: { $0.ticket == ticket }) else { return }
        let row = reads.remove(at: index)
        guard isGood else {
            let message = DownloadMessage.nack(
                row.content, piece: row.piece.raw, request: row.request, .unreadable)
            return effects.append(.send(.download(message), .none, to: row.to))
        }
        let message = DownloadMessage.ack(
            row.content, piece: row.piece.raw, run: 1, request: row.request)
        effects.append(.send(.download(message), .none, to: row.to))
        effects.append(.sendPayload(ticket, to: row.to, row.request))
    }

    /// The events of one step are in: announce what came to those who lack it, in one message
    /// each.
    package mutating func stepEnded(effects: inout Effects<UploaderEffect>) {
        for index in contents.indices where !contents[index].fresh.isEmpty {
            let row = contents[index]
            contents[index].fresh.removeAll(keepingCapacity: true)
            for neighbour in row.neighbours {
                let lacking = row.fresh.filter { !neighbour.holds.contains($0) }
                for start in stride(from: 0, to: lacking.count, by: Self.piecesPerHaveMax) {
                    let some = lacking[start..<min(start + Self.piecesPerHaveMax, lacking.count)]
                    let tail = effects.tail { $0.write(some) }
                    let message = DownloadMessage.have(row.content, count: UInt32(some.count))
                    effects.append(.send(.download(message), tail, to: neighbour.rank))
                }
            }
        }
    }

    private static let piecesPerHaveMax = 4096

    package func checkInvariants() {
        for row in contents {
            row.held.checkInvariants()
            precondition(row.fresh.allSatisfy { row.held.contains($0) }, "announced but not held")
        }
        precondition(reads.count <= Self.readsMax, "too many reads")
    }
}
