import Vocabulary
import Wire

/// The classic one: piece *i* from source *i mod n*, or rather from the one that was asked for
/// the fewest so far. With only seeds as sources that spreads a file evenly over them, to the
/// piece, and a partial holder takes its turn for just what it has without sending its share to
/// one seed.
enum RoundRobin: Picker {
    /// Pieces looked at in one go; the rest wait for the next answer.
    static let lookaheadMax = 256

    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        // A source that offers has no turn. It is asked when it offers nothing, and then for
        // anything.
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
