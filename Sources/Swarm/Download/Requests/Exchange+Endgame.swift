import Vocabulary
import Wire

/// Requests the last pieces again, which must not wait for the slowest source.
extension Exchange {
    /// A piece that another source is late with, for a transfer with nothing queued. At most two
    /// sources are asked for a piece, and this one only if it is quicker.
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
        return requests.mayBeAsked(request, also: rank)
    }

    private func isEnding(_ index: TransferIndex) -> Bool {
        // The order matters for speed, because usually something is queued. The count is read in
        // place: a copy of the set would be retained in every step of every node.
        transfers[index].board.queued.count == 0 && transfers[index].board.inFlightCount > 0
            && rules.hasEndgame && transfers[index].stage == .fetching
    }

    /// Schedules the next check for a last piece that has become late. Such a check looks at every
    /// request and source, so it is not made before it is due.
    mutating func wakeForLastPieces(
        _ index: TransferIndex, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].pace.looksAgainAt <= now, isEnding(index),
            transfers[index].sources.count > 1
        else { return }
        // A source that turns up meanwhile is not considered before that.
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
            transfers[index].filling = .due
        }
    }

    /// The time at which a request becomes late or the next check for last pieces is due, but no
    /// later than `latest`.
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
