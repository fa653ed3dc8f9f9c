import Vocabulary
import Wire

/// The last pieces, which do not wait for the slowest source.
extension Exchange {
    /// Nothing is queued: a piece that another source is late with. Never more than two are asked,
    /// and only this one if it is quicker.
    func lastPiece(_ index: TransferIndex, _ place: SourceIndex, now: Tick) -> PieceIndex? {
        guard rules.hasEndgame else { return nil }
        let grace = patience.grace(
            of: transfers[index].sources[place], usual: transfers[index].pace.timing)
        for request in requests.rows
        where request.transfer == index && request.sentAt + grace <= now
            && mayHelp(place, with: request)
        {
            return request.piece
        }
        return nil
    }

    private func mayHelp(_ place: SourceIndex, with request: RequestRow) -> Bool {
        let rank = transfers[request.transfer].sources.rank(of: place)
        guard request.stage == .asked, request.source != rank,
            transfers[request.transfer].sources.holds(request.piece, place)
        else { return false }
        var asked = 0
        for other in requests.rows
        where other.transfer == request.transfer && other.piece == request.piece {
            if other.source == rank && other.stage != .withdrawn { return false }
            if other.isUnderWay { asked += 1 }
        }
        return asked == 1
    }

    private func isEnding(_ index: TransferIndex) -> Bool {
        // In this order, since mostly something is queued. Its count is looked at where it is: a
        // set that is asked is retained, which for every step of every node is felt.
        transfers[index].board.queued.count == 0 && transfers[index].board.inFlightCount > 0
            && rules.hasEndgame && transfers[index].stage == .fetching
    }

    /// Between two events nothing looks whether a last piece has become late. That costs a look at
    /// every request and source, so it is done again only when its time has come.
    mutating func wakeForLastPieces(
        _ index: TransferIndex, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].pace.looksAgainAt <= now, isEnding(index),
            transfers[index].sources.count > 1
        else { return }
        // A source that turns up meanwhile is not looked at before.
        var next = now + rules.aliveInterval / 4
        for place in transfers[index].sources.indices {
            let source = transfers[index].sources[place]
            guard source.stance == .open, !source.isDistrusted, source.useful > 0 else { continue }
            let grace = patience.grace(of: source, usual: transfers[index].pace.timing)
            for request in requests.rows where request.transfer == index {
                let end = max(request.sentAt + grace, source.snubbedUntil)
                if end > now, end < next, mayHelp(place, with: request) { next = end }
            }
        }
        transfers[index].pace.looksAgainAt = next
        effects.append(.wake(at: next))
    }

    mutating func lookAgain(now: Tick) {
        for index in transfers.indices
        where transfers[index].pace.looksAgainAt <= now && isEnding(index) {
            transfers[index].isFillable = true
        }
    }

    /// When a request is late or a last piece is looked at again; this at the latest.
    func nextDeadline(before latest: Tick, now: Tick) -> Tick {
        var next = latest
        for request in requests.rows where request.stage == .asked {
            next = min(next, deadline(of: request))
        }
        for index in transfers.indices where isEnding(index) {
            if transfers[index].pace.looksAgainAt > now {
                next = min(next, transfers[index].pace.looksAgainAt)
            }
        }
        return next
    }
}
