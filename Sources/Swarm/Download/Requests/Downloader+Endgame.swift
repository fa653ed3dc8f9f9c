import Vocabulary
import Wire

/// The last pieces, which do not wait for the slowest source.
extension Downloader {
    /// Nothing is queued: a piece that another source is late with. Never more than two are asked,
    /// and only this one if it is quicker.
    func lastPiece(_ index: Int, _ place: Int, now: Tick) -> PieceIndex? {
        guard rules.hasEndgame else { return nil }
        let source = transfers[index].sources[place]
        let grace = grace(of: source, in: index)
        for request in requests
        where request.transfer == index && request.sentAt + grace <= now
            && mayHelp(place, with: request)
        {
            return request.piece
        }
        return nil
    }

    /// How long a source waits before it is asked for what another was asked for.
    private func grace(of source: SourceRow, in index: Int) -> Duration {
        let own = source.timing.count > 0 ? source.timing.mean : transfers[index].timing.mean
        return max(source.latency * 2, .milliseconds(100), own * 2)
    }

    private func mayHelp(_ place: Int, with request: RequestRow) -> Bool {
        let rank = transfers[request.transfer].roster[place]
        guard request.stage == .asked, request.source != rank,
            transfers[request.transfer].holdings.contains(request.piece, in: place)
        else { return false }
        var asked = 0
        for other in requests
        where other.transfer == request.transfer && other.piece == request.piece {
            if other.source == rank && other.stage != .withdrawn { return false }
            if other.isUnderWay { asked += 1 }
        }
        return asked == 1
    }

    func isEnding(_ index: Int) -> Bool {
        // In this order, since mostly something is queued. Its count is looked at where it is: a
        // set that is asked is retained, which for every step of every node is felt.
        transfers[index].queued.count == 0 && transfers[index].inFlightCount > 0
            && rules.hasEndgame && transfers[index].stage == .fetching
    }

    /// Between two events nobody looks whether a last piece has become late. That costs a look at
    /// every request and source, so it is done again only when its time has come.
    mutating func wakeForLastPieces(
        _ index: Int, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].looksAgainAt <= now, isEnding(index),
            transfers[index].sources.count > 1
        else { return }
        // Whoever turns up meanwhile is not looked at before.
        var next = now + rules.aliveInterval / 4
        for (place, source) in transfers[index].sources.enumerated()
        where source.stance == .open && !source.isDistrusted && source.useful > 0 {
            let grace = grace(of: source, in: index)
            for request in requests where request.transfer == index {
                let end = max(request.sentAt + grace, source.snubbedUntil)
                if end > now, end < next, mayHelp(place, with: request) { next = end }
            }
        }
        transfers[index].looksAgainAt = next
        effects.append(.wake(at: next))
    }

    mutating func lookAgain(now: Tick) {
        for index in transfers.indices
        where transfers[index].looksAgainAt <= now && isEnding(index) {
            transfers[index].isFillable = true
        }
    }
}
