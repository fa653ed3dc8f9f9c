import Vocabulary
import Wire

/// Picks piece *i* from source *i mod n*, as in the classic scheme, or rather from the holder that
/// was asked for the fewest pieces so far. So seeds send equal parts of a file, to within one
/// piece, and the turns that a peer cannot take, because it holds only a part, are spread over all
/// seeds.
enum RoundRobin: Picker {
    /// The number of pieces that one search visits among sources that were asked equally often; the
    /// rest wait for the next answer.
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

    /// The first source in turn that may be asked, and its first piece. A piece falls to the holder
    /// that was asked for the fewest pieces.
    ///
    /// Holders are visited by rising number of pieces asked of them, and every piece of a visited
    /// holder falls to it or to an earlier one. So a search reads words of bits of a few sources,
    /// and ends at the first seed, even one whose window is full.
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
    /// The queued pieces that have fallen to no source yet, and the sources that come next.
    private struct Turns {
        /// The number of pieces asked of each source; `.max` for those that have no turn.
        private var asked: [Int] = []
        private var free: [UInt64] = []
        private let origin: Int
        /// The number of pieces asked of each source that is in turn.
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

        /// Moves to the next level. Returns false if there is none.
        mutating func advance() -> Bool {
            var next = Int.max
            for number in asked where number > level && number < next { next = number }
            level = next
            return next < .max
        }

        func first(
            of sources: borrowing SourceTable, where mayAsk: (SourceIndex) -> Bool
        ) -> (source: SourceIndex, piece: PieceIndex)? {
            // Usually at most one of them may be asked, so only its pieces are searched.
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

        /// Among sources that were asked equally often, the one that the piece's number selects, or
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

        /// Removes the pieces that fall to sources of this level. Returns false if none is left.
        mutating func settle(_ sources: borrowing SourceTable) -> Bool {
            for row in asked.indices where asked[row] == level {
                for word in free.indices { free[word] &= ~sources.holdings.word(word, in: row) }
            }
            return free.contains { $0 != 0 }
        }

        /// Visits the pieces of these words from the origin on, until `isLast` returns true.
        private func each(of words: [UInt64], _ isLast: (PieceIndex) -> Bool) {
            guard !words.isEmpty else { return }
            let first = min(origin / 64, words.count - 1)
            // The origin's word comes again at the end, for the pieces before the origin.
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
    /// The number of pieces asked of the source; `.max` if it has no turn.
    fileprivate func turn(now: Tick) -> Int {
        useful > 0 && (isAwaited || isAskable(now: now)) ? asked : .max
    }
}
