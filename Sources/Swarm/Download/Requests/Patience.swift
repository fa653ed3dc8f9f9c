import Vocabulary

/// Decides when a request is late, and when its piece can no longer be expected. It is pure
/// arithmetic over the times that a source and its transfer have taken so far.
struct Patience: Sendable {
    private let rules: DownloaderRules

    init(_ rules: DownloaderRules) { self.rules = rules }

    /// The time at which a request is late. A source that has left the transfer is no longer known.
    func deadline(of request: RequestRow, in transfer: Transfer) -> Tick {
        guard let place = transfer.sources.place(of: request.source) else {
            return request.sentAt + rules.answerPatience
        }
        return deadline(
            of: request, at: transfer.sources[place], usual: transfer.pace.timing,
            pieceLength: transfer.pieceLength)
    }

    func end(ofLate request: RequestRow, in transfer: Transfer) -> Tick {
        let place = transfer.sources.place(of: request.source)
        return end(ofLate: request, at: place.map { transfer.sources[$0] })
    }

    /// A promised piece is late when it takes longer than its source's pieces so far. A piece
    /// without a promise is late when that takes longer than an answer should, and longer than the
    /// pieces before it in the source's queue.
    func deadline(
        of request: RequestRow, at source: SourceRow, usual timing: Timing,
        pieceLength: Int64
    ) -> Tick {
        guard !source.hasVanished else {
            let asked = request.acknowledgedAt ?? request.sentAt
            return max(asked, source.lastReceipt) + rules.answerPatience
        }
        let patience = piece(from: source, usual: timing, pieceLength: pieceLength)
        if let promisedAt = request.acknowledgedAt {
            // If these were requested again before any piece has arrived, all first pieces would
            // come twice on links that are slower than assumed.
            let first = timing.count == 0
            return max(promisedAt, source.lastReceipt)
                + (first ? max(patience, rules.piecePatienceMax) : patience)
        }
        return max(request.sentAt, source.lastReceipt) + max(rules.answerPatience, patience)
    }

    func piece(from source: SourceRow, usual timing: Timing, pieceLength: Int64) -> Duration {
        // A source that has sent nothing yet is judged by all others.
        let usual = source.timing.latest ?? timing.latest(times: 4)
        guard let usual else { return firstPiece(pieceLength: pieceLength) }
        // A bound that is shorter than pieces take would make every one of them late.
        let mean = source.timing.count > 0 ? source.timing.mean : timing.mean
        return min(max(usual, rules.piecePatienceMin), max(rules.piecePatienceMax, mean * 2))
    }

    /// Before any piece has arrived, the time that one takes is a guess.
    func firstPiece(pieceLength: Int64) -> Duration {
        let slowest = Duration.seconds(pieceLength / rules.firstRateMin)
        return max(
            rules.answerPatience, rules.piecePatienceMin, min(slowest, rules.piecePatienceMax))
    }

    /// The time at which the buffer of a late request is withdrawn. A promised piece is still under
    /// way while its source lives, and would come twice if it were requested again.
    func end(ofLate request: RequestRow, at source: SourceRow?) -> Tick {
        guard let promisedAt = request.acknowledgedAt, let source, !source.hasVanished else {
            return request.sentAt + rules.piecePatienceMax * 2
        }
        return max(promisedAt, source.lastReceipt)
            + max(rules.promisePatience, source.timing.mean * 8)
    }

    /// The time before a source is asked for a piece that another one was asked for.
    func grace(of source: SourceRow, usual timing: Timing) -> Duration {
        let own = source.timing.count > 0 ? source.timing.mean : timing.mean
        return max(source.latency * 2, .milliseconds(100), own * 2)
    }
}
