import Vocabulary
import Wire

/// When a request is late, and who else may then be asked.
extension Downloader {
    /// A promised piece is late when it takes longer than its source's did so far; one that was
    /// not even promised, when that takes longer than an answer should and than the pieces
    /// before it in the source's queue.
    func deadline(of request: RequestRow) -> Tick {
        guard let place = transfers[request.transfer].roster.place(of: request.source) else {
            return request.sentAt + rules.answerPatience
        }
        let source = transfers[request.transfer].sources[place]
        guard !source.hasVanished else {
            let asked = request.acknowledgedAt ?? request.sentAt
            return max(asked, source.lastReceipt) + rules.answerPatience
        }
        let patience = piecePatience(of: source, in: request.transfer)
        if let promisedAt = request.acknowledgedAt {
            // Asked for again before anything came, all first pieces would come twice where links
            // are slower than guessed.
            let first = transfers[request.transfer].timing.count == 0
            return max(promisedAt, source.lastReceipt)
                + (first ? max(patience, rules.piecePatienceMax) : patience)
        }
        return max(request.sentAt, source.lastReceipt) + max(rules.answerPatience, patience)
    }

    private func piecePatience(of source: SourceRow, in index: Int) -> Duration {
        // Of a source that has not shown what it can do no more is known than of all others.
        let usual = source.timing.latest ?? transfers[index].timing.latest(times: 4)
        guard let usual else { return firstPatience(index) }
        // A bound that is shorter than pieces take would make every one of them late.
        let mean = source.timing.count > 0 ? source.timing.mean : transfers[index].timing.mean
        return min(max(usual, rules.piecePatienceMin), max(rules.piecePatienceMax, mean * 2))
    }

    /// Before anything came, how long a piece takes is anybody's guess.
    func firstPatience(_ index: Int) -> Duration {
        let length = transfers[index].geometry?.pieceLength.raw ?? 0
        let slowest = Duration.seconds(length / rules.firstRateMin)
        return max(
            rules.answerPatience, rules.piecePatienceMin, min(slowest, rules.piecePatienceMax))
    }

    /// When the buffer of a late request is asked back. What is promised is still on its way as
    /// long as its source lives: asked for again it would have to come twice.
    private func end(ofLate request: RequestRow) -> Tick {
        guard let promisedAt = request.acknowledgedAt,
            let place = transfers[request.transfer].roster.place(of: request.source),
            !transfers[request.transfer].sources[place].hasVanished
        else { return request.sentAt + rules.piecePatienceMax * 2 }
        let source = transfers[request.transfer].sources[place]
        return max(promisedAt, source.lastReceipt)
            + max(rules.promisePatience, source.timing.mean * 8)
    }

    mutating func expireRequests(now: Tick, effects: inout Effects<DownloaderEffect>) {
        for row in requests.indices.reversed() {
            let request = requests[row]
            switch request.stage {
            case .asked where deadline(of: request) <= now:
                snub(request, now: now)
                giveUp(row, &effects)
            case .late where end(ofLate: request) <= now:
                askBack(row, &effects)
            case .asked, .keeping, .late, .withdrawn: break
            }
        }
    }

    private mutating func snub(_ request: RequestRow, now: Tick) {
        let index = request.transfer
        guard let place = transfers[index].roster.place(of: request.source) else { return }
        branches.snubs += 1
        transfers[index].sources[place].silences += 1
        transfers[index].isInDoubt = true
        transfers[index].sources[place].snubbedUntil =
            now + piecePatience(of: transfers[index].sources[place], in: index)
        transfers[index].sources[place].window = SourceRow.windowMin
    }

    func wakeForRequests(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        var next = nextAlive
        for request in requests where request.stage == .asked {
            next = min(next, deadline(of: request))
        }
        for transfer in transfers.indices where isEnding(transfer) {
            if transfers[transfer].looksAgainAt > now {
                next = min(next, transfers[transfer].looksAgainAt)
            }
        }
        effects.append(.wake(at: max(next, now + .milliseconds(1))))
    }
}
