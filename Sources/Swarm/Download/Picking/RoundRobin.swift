import Vocabulary
import Wire

/// Piece *i* from source *i mod n*, as in the classic scheme, or rather from the source that was
/// asked for the fewest pieces so far. Seeds alone thus send equal parts of a file, to the piece,
/// and a peer that holds a part takes its turn only for pieces that it has, without shifting its
/// share to one seed.
enum RoundRobin: Picker {
    /// The number of pieces that one search visits where several sources were asked for equally
    /// few; the rest wait for the next answer.
    static let lookaheadMax = 256

    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        // A source that makes offers has no turn. It is asked when it offers nothing, and then for
        // any piece.
        if case .offering = transfer.sources[source].stance {
            return transfer.sources.first(
                from: transfer.board.origin, of: transfer.board.queued, at: source)
                ?? transfer.sources.first(of: transfer.board.queued, at: source)
        }
        return next(in: transfer, now: now) { $0 == source }?.piece
    }

    /// The first source in turn that may be asked, and its first piece. A piece is the turn of that
    /// holder which was asked for the fewest.
    ///
    /// The holders are looked at by rising number of pieces asked, and all that one of them holds
    /// is its turn or that of one before it: so a look costs words of bits for a few sources, and
    /// where a seed with a full window is next it ends there.
    static func next(
        in transfer: borrowing Transfer, now: Tick, where mayAsk: (SourceIndex) -> Bool
    ) -> (source: SourceIndex, piece: PieceIndex)? {
        var turns = Turns(transfer, now: now)
        while turns.advance() {
            if let found = turns.first(of: transfer.sources, where: mayAsk) { return found }
            guard turns.settle(transfer.sources) else { return nil }
        }
        return nil
    }
}

extension RoundRobin {
    /// The queued pieces that are no source's turn yet, and the sources whose turn comes next.
    private struct Turns {
        /// How many pieces each source was asked for; `.max` for those that have no turn.
        private var asked: [Int] = []
        private var free: [UInt64] = []
        private let origin: Int
        /// The sources whose turn it is were asked for that many.
        private var level = -1

        init(_ transfer: borrowing Transfer, now: Tick) {
            origin = transfer.board.origin
            let wordCount = transfer.board.queued.wordCount
            free.reserveCapacity(wordCount)
            for word in 0..<wordCount { free.append(transfer.board.queued.word(word)) }
            asked.reserveCapacity(transfer.sources.count)
            for place in 0..<transfer.sources.count {
                asked.append(transfer.sources[SourceIndex(place)].turn(now: now))
            }
        }

        /// To the next level; false where there is none.
        mutating func advance() -> Bool {
            var next = Int.max
            for number in asked where number > level && number < next { next = number }
            level = next
            return next < .max
        }

        func first(
            of sources: borrowing SourceTable, where mayAsk: (SourceIndex) -> Bool
        ) -> (source: SourceIndex, piece: PieceIndex)? {
            // Mostly none or one of them may be asked, and only what those hold is looked at.
            var ready: [UInt64] = []
            for row in asked.indices where asked[row] == level && mayAsk(SourceIndex(row)) {
                if ready.isEmpty { ready = [UInt64](repeating: 0, count: free.count) }
                for word in free.indices {
                    ready[word] |= free[word] & sources.holdings.word(word, in: row)
                }
            }
            guard !ready.isEmpty else { return nil }
            var looked = 0
            var found: (SourceIndex, PieceIndex)?
            each(of: ready) { piece in
                looked += 1
                if let place = holder(of: piece, sources), mayAsk(place) { found = (place, piece) }
                return found != nil || looked >= RoundRobin.lookaheadMax
            }
            return found
        }

        /// Of sources that were asked for equally few, the one that the piece's number falls to, or
        /// the next one that holds it.
        private func holder(of piece: PieceIndex, _ sources: borrowing SourceTable) -> SourceIndex?
        {
            var place = piece.position % asked.count
            for _ in asked.indices {
                if asked[place] == level, sources.holdings.contains(piece, in: place) {
                    return SourceIndex(place)
                }
                place = place + 1 == asked.count ? 0 : place + 1
            }
            return nil
        }

        /// What the sources of this level hold is no other's turn. False when nothing is left.
        mutating func settle(_ sources: borrowing SourceTable) -> Bool {
            for row in asked.indices where asked[row] == level {
                for word in free.indices { free[word] &= ~sources.holdings.word(word, in: row) }
            }
            return free.contains { $0 != 0 }
        }

        /// The pieces of those words from the origin on, to the last that is looked for.
        private func each(of words: [UInt64], _ isLast: (PieceIndex) -> Bool) {
            guard !words.isEmpty else { return }
            let first = min(origin / 64, words.count - 1)
            // The origin's word comes last once more, for what stands before the origin in it.
            for step in 0...words.count {
                let number = (first + step) % words.count
                var bits = words[number]
                let before: UInt64 = (1 << UInt64(origin % 64)) - 1
                if step == 0 { bits &= ~before }
                if step == words.count { bits &= before }
                while bits != 0 {
                    if isLast(PieceIndex(number * 64 + bits.trailingZeroBitCount)) { return }
                    bits &= bits - 1
                }
            }
        }
    }
}

extension SourceRow {
    /// How many pieces it was asked for, where it has a turn: `.max` where it has none.
    fileprivate func turn(now: Tick) -> Int {
        useful > 0 && (isAwaited || isAskable(now: now)) ? asked : .max
    }
}
