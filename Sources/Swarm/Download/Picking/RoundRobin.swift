import Vocabulary
import Wire

/// Piece *i* from source *i mod n*, as in the classic scheme, or rather from the source that was
/// asked for the fewest pieces so far. Seeds alone thus send equal parts of a file, to the piece,
/// and a peer that holds a part takes its turn only for pieces that it has, without shifting its
/// share to one seed.
enum RoundRobin: Picker {
    /// The number of pieces that one search visits; the rest wait for the next answer.
    static let lookaheadMax = 256

    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        // A source that makes offers has no turn. It is asked when it offers nothing, and then for
        // any piece.
        if transfer.sources[source].stance == .offering {
            return transfer.sources.first(
                from: transfer.board.origin, of: transfer.board.queued, at: source)
                ?? transfer.sources.first(of: transfer.board.queued, at: source)
        }
        var looked = 0
        var position = transfer.board.origin
        var hasWrapped = false
        while looked < lookaheadMax {
            guard let piece = transfer.board.queued.first(from: position) else {
                guard !hasWrapped else { return nil }
                hasWrapped = true
                position = 0
                continue
            }
            if hasWrapped && piece.position >= transfer.board.origin { return nil }
            if turn(of: piece, in: transfer, now: now) == source { return piece }
            looked += 1
            position = piece.position + 1
        }
        return nil
    }

    private static func turn(
        of piece: PieceIndex, in transfer: borrowing Transfer, now: Tick
    ) -> SourceIndex? {
        var chosen: SourceIndex?
        let count = transfer.sources.count
        for step in 0..<count {
            let index = SourceIndex((piece.position + step) % count)
            guard
                transfer.sources[index].isAskable(now: now)
                    || transfer.sources[index].isAwaited,
                transfer.sources.holds(piece, index)
            else { continue }
            guard let best = chosen,
                transfer.sources[best].asked <= transfer.sources[index].asked
            else {
                chosen = index
                continue
            }
        }
        return chosen
    }
}
