import Swarm
import Vocabulary
import Wire

/// An uploader that serves pieces of one content to twenty neighbours, of which it chooses the next
/// itself.
struct ProbedUploader {
    private static let content = ContentID(high: 7, low: 7)
    private static let neighbourCount = 20
    private static let pieceCount = 100_000

    private var uploader: Uploader
    private var effects = Effects<UploaderEffect>()
    private var now = Tick.zero
    private var nextRequest = RequestNumber(1)

    init() {
        guard
            let geometry = Geometry(
                total: ByteCount(Int64(Self.pieceCount) * 10), pieceLength: ByteCount(10))
        else { preconditionFailure("ten bytes are a piece") }
        var rules = UploaderRules(tracker: .first)
        rules.serving = .cooperative
        uploader = Uploader(
            rules: rules, rank: Rank(99), owned: [(Self.content, geometry)])
        for rank in 1...Self.neighbourCount {
            let neighbour = Rank(Int32(rank))
            uploader.noted(
                .neighbourHolds(
                    neighbour, PieceSet(none: Self.pieceCount), of: Self.content), now: now,
                effects: &effects)
            precondition(hear(.interested(Self.content), from: neighbour), "it is understood")
        }
    }

    /// Makes an offer, which is accepted, and sends the piece. False where it offered none.
    mutating func servePiece() -> Bool {
        now = now + .milliseconds(1)
        uploader.stepEnded(now: now, effects: &effects)
        guard let (rank, number, piece) = offer() else { return false }
        effects.removeAll()
        let request = nextRequest
        nextRequest = nextRequest.next
        let message = UploadMessage.request(
            Self.content, piece: piece.raw, run: 1, request: request, offer: number)
        guard hear(message, from: rank) else { return false }
        uploader.stepEnded(now: now, effects: &effects)
        guard let ticket = read() else { return false }
        effects.removeAll()
        uploader.readDone(ticket, isGood: true, now: now, effects: &effects)
        uploader.stepEnded(now: now, effects: &effects)
        effects.removeAll()
        now = now + .milliseconds(1)
        uploader.payloadSent(request, to: rank, now: now)
        let got = UploaderNote.neighbourGot(rank, PieceHandful(piece), of: Self.content)
        uploader.noted(got, now: now, effects: &effects)
        uploader.timeout(now: now, effects: &effects)
        return true
    }

    private func offer() -> (Rank, UInt32, PieceIndex)? {
        var place = 0
        while place < effects.list.count {
            if case .send(.download(.offer(_, let number, _, _)), let tail, let rank) =
                effects.list[place]
            {
                let tail = unsafe effects.arena.span.bytes.extracting(tail.range)
                return (rank, number, tail.piece(at: 0))
            }
            place += 1
        }
        return nil
    }

    private func read() -> ReadTicket? {
        var place = 0
        while place < effects.list.count {
            if case .read(_, _, let ticket) = effects.list[place] { return ticket }
            place += 1
        }
        return nil
    }

    private mutating func hear(_ message: UploadMessage, from rank: Rank) -> Bool {
        let none: [UInt8] = []
        do throws(WireError) {
            try unsafe uploader.received(
                message, tail: none.span.bytes, from: rank, now: now, effects: &effects)
            return true
        } catch { return false }
    }
}
