import Vocabulary
import Wire

/// The requests under way, and those whose buffers are not back yet.
///
/// Invariant: each number is given once, at most two sources are asked for a piece at a time, and
/// each of them once.
struct RequestTable: Sendable {
    private(set) var rows = Table<RequestIndex, RequestRow>()
    private var nextNumber = RequestNumber(1)

    var count: Int { rows.count }
    var indices: Range<RequestIndex> { rows.startIndex..<rows.endIndex }

    subscript(row: RequestIndex) -> RequestRow {
        _read { yield rows[row] }
        _modify { yield &rows[row] }
    }

    func row(of number: RequestNumber) -> RequestIndex? {
        rows.firstIndex { $0.number == number }
    }

    /// The row of a request to this source for this piece.
    func row(of number: RequestNumber, for piece: UInt32, from source: Rank) -> RequestIndex? {
        guard let row = row(of: number), rows[row].source == source, rows[row].piece.raw == piece
        else { return nil }
        return row
    }

    mutating func add(
        _ piece: PieceIndex, of transfer: TransferIndex, from source: Rank, now: Tick,
        isOffered: Bool
    ) -> RequestRow {
        let request = RequestRow(
            number: nextNumber, transfer: transfer, piece: piece, source: source, sentAt: now,
            isOffered: isOffered)
        nextNumber = nextNumber.next
        rows.append(request)
        return request
    }

    @discardableResult
    mutating func remove(at row: RequestIndex) -> RequestRow { rows.remove(at: row) }

    /// Handles the return of a buffer that was withdrawn.
    mutating func withdrawn(_ number: RequestNumber) {
        rows.removeAll { $0.number == number && $0.stage == .withdrawn }
    }

    // MARK: Of one piece

    func isUnderWay(_ transfer: TransferIndex, _ piece: PieceIndex) -> Bool {
        rows.contains { $0.transfer == transfer && $0.piece == piece && $0.isUnderWay }
    }

    /// Whether `source` may also be asked for the piece of a request: it was not asked yet, and
    /// only one other source was.
    func mayBeAsked(_ request: RequestRow, also source: Rank) -> Bool {
        var asked = 0
        for other in rows
        where other.transfer == request.transfer && other.piece == request.piece {
            if other.source == source && other.stage != .withdrawn { return false }
            if other.isUnderWay { asked += 1 }
        }
        return asked == 1
    }

    func isLateSomewhere(_ transfer: TransferIndex, _ piece: PieceIndex) -> Bool {
        rows.contains { $0.transfer == transfer && $0.piece == piece && $0.stage == .late }
    }

    func isBeingKept(_ request: RequestRow) -> Bool {
        keptRow(request.transfer, request.piece) != nil
    }

    func keptRow(_ transfer: TransferIndex, _ piece: PieceIndex) -> RequestIndex? {
        rows.firstIndex {
            $0.transfer == transfer && $0.piece == piece && $0.stage == .keeping
        }
    }

    // MARK: Of one source

    func underWay(_ transfer: TransferIndex, at source: Rank) -> Int {
        rows.count { $0.transfer == transfer && $0.source == source && $0.isUnderWay }
    }

    /// The number of accepted offers whose pieces have not arrived.
    var offeredCount: Int { rows.count { $0.isOffered && $0.isUnderWay } }

    /// The number of accepted offers whose pieces the source has not promised since.
    func unansweredCount(_ transfer: TransferIndex, at source: Rank) -> Int {
        rows.count {
            $0.transfer == transfer && $0.source == source && $0.isOffered
                && $0.acknowledgedAt == nil && ($0.stage == .asked || $0.stage == .late)
        }
    }

    func lateCount(_ transfer: TransferIndex, at source: Rank) -> Int {
        rows.count { $0.transfer == transfer && $0.stage == .late && $0.source == source }
    }

    /// Whether the source's requests are late already. Each of them holds a buffer, and a source
    /// that offers much and sends nothing must leave buffers for the others. An honest uploader
    /// offers nothing more to a rank whose request waits, except when that request crosses a lapsed
    /// offer.
    func isInArrears(_ transfer: TransferIndex, _ source: SourceRow) -> Bool {
        guard unansweredCount(transfer, at: source.rank) < Self.unansweredMax else { return true }
        let late = lateCount(transfer, at: source.rank)
        return late > 0 && source.outstanding + late >= max(source.window, Pace.receiptsMin)
    }

    private static let unansweredMax = 2

    /// The number of pieces that the source has promised and is late with.
    func owedCount(_ transfer: TransferIndex, at source: Rank) -> Int {
        rows.count {
            $0.transfer == transfer && $0.stage == .late && $0.acknowledgedAt != nil
                && $0.source == source
        }
    }

    /// Whether late pieces fill the source's window: they are still under way, and further requests
    /// would only slow them down.
    func owesEnough(_ transfer: TransferIndex, _ source: SourceRow) -> Bool {
        let late = owedCount(transfer, at: source.rank)
        return late > 0 && source.outstanding + late >= source.window
    }

    /// Whether an open source has room for another request.
    func mayAsk(_ source: SourceRow, for transfer: TransferIndex, now: Tick) -> Bool {
        source.outstanding < source.window && source.isAskable(now: now)
            && !owesEnough(transfer, source)
    }

    /// Whether any source has room. Usually an answer has just come and none has, which takes less
    /// to find out than that no piece falls to any of them.
    func mayAskAny(
        _ sources: borrowing SourceTable, _ transfer: TransferIndex, now: Tick
    ) -> Bool {
        guard sources.openCount > 0 else { return false }
        for place in 0..<sources.count {
            let source = sources[SourceIndex(place)]
            if source.useful > 0, mayAsk(source, for: transfer, now: now) { return true }
        }
        return false
    }

    // MARK: Of one transfer

    func has(_ transfer: TransferIndex) -> Bool { rows.contains { $0.transfer == transfer } }

    /// Whether a payload may still arrive for a transfer.
    func awaits(_ transfer: TransferIndex) -> Bool {
        rows.contains { $0.transfer == transfer && $0.stage != .withdrawn }
    }

    /// Whether a source that is still a member promised a piece and is late with it.
    func isOwed(_ transfer: TransferIndex, by members: MemberList) -> Bool {
        rows.contains {
            $0.transfer == transfer && $0.stage == .late && $0.acknowledgedAt != nil
                && members.contains($0.source)
        }
    }

    func checkInvariants(of index: TransferIndex, _ transfer: Transfer) {
        let underWay = rows.filter { $0.transfer == index && $0.isUnderWay }
        let pieces = Set(underWay.map(\.piece))
        precondition(
            pieces.count == transfer.board.inFlightCount, "requests and pieces in flight differ")
        precondition(
            pieces.allSatisfy {
                !transfer.board.have.contains($0) && !transfer.board.queued.contains($0)
            },
            "a requested piece is had or queued")
        for piece in pieces {
            let sources = underWay.filter { $0.piece == piece }.map(\.source)
            precondition(sources.count <= 2, "more than two are asked for a piece")
            precondition(Set(sources).count == sources.count, "a source is asked twice")
        }
        for source in transfer.sources.list {
            let rows = underWay.count { $0.source == source.rank }
            precondition(rows == source.outstanding, "a source's requests drifted")
        }
    }
}
