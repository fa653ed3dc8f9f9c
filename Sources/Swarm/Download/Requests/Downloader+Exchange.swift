package import Vocabulary
import Wire

/// Requests and what becomes of them.
extension Downloader {
    /// Asks sources in turn, one piece each, while they have room.
    mutating func fill(_ index: Int, now: Tick, effects: inout Effects<DownloaderEffect>) {
        // Where pieces are scarce that is so nearly always.
        guard rules.hasEndgame || !transfers[index].queued.isEmpty else { return }
        // Those who have nothing for us are asked again only when another was asked in between.
        var refusals = 0
        while refusals < transfers[index].sources.count,
            requests.count < requestsMax(index),
            let place = transfers[index].nextToAsk(now: now)
        {
            guard !owesEnough(index, place), let piece = choose(index, place, now: now) else {
                refusals += 1
                continue
            }
            refusals = 0
            ask(index, piece, source: place, offer: 0, now: now, &effects)
        }
        wakeForLastPieces(index, now: now, &effects)
    }

    /// What every source begins with.
    var windowMin: Int { min(SourceRow.windowMin, rules.requestsPerSourceMax) }

    /// Long pieces are asked for in smaller numbers.
    func requestsMax(_ index: Int) -> Int {
        let length = max(1, Int(transfers[index].geometry?.pieceLength.raw ?? 1))
        return min(rules.requestsInFlightMax, max(2, rules.bytesInFlightMax / length))
    }

    /// What a source promised and is late with is still on its way, and fills its window: to ask
    /// for more would only make all of it slower.
    private func owesEnough(_ index: Int, _ place: Int) -> Bool {
        let rank = transfers[index].roster[place]
        let late = requests.count {
            $0.transfer == index && $0.stage == .late && $0.acknowledgedAt != nil
                && $0.source == rank
        }
        let source = transfers[index].sources[place]
        return late > 0 && source.outstanding + late >= source.window
    }

    private mutating func choose(_ index: Int, _ place: Int, now: Tick) -> PieceIndex? {
        if transfers[index].queued.isEmpty { return lastPiece(index, place, now: now) }
        return rules.picker.piece(
            for: place, in: &transfers[index], now: now, chance: &chance)
    }

    mutating func ask(
        _ index: Int, _ piece: PieceIndex, source: Int, offer: UInt32, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content = transfers[index].content, let geometry = transfers[index].geometry
        else { return }
        let rank = transfers[index].sources[source].rank
        let number = nextRequest
        nextRequest = number.next
        if transfers[index].queued.contains(piece) {
            transfers[index].took(piece)
            if isLateSomewhere(index, piece) { branches.steals += 1 }
        } else {
            branches.endgames += 1
        }
        if transfers[index].sources[source].stance == .offering, offer == 0 {
            branches.directRequests += 1
        }
        transfers[index].sources[source].outstanding += 1
        transfers[index].sources[source].asked += 1
        let request = RequestRow(
            number: number, transfer: index, piece: piece, source: rank, sentAt: now,
            isOffered: offer != 0)
        requests.append(request)
        effects.append(.wake(at: deadline(of: request)))
        if geometry.carriesBytes {
            effects.append(.lend(number, from: rank, byteCount: geometry.size(of: piece)))
        }
        let message = UploadMessage.request(
            content, piece: piece.raw, run: 1, request: number, offer: offer)
        effects.append(.send(.upload(message), .none, to: rank))
    }

    mutating func acknowledged(
        _ content: ContentID, _ piece: UInt32, _ number: RequestNumber, _ digest: PieceDigest?,
        from source: Rank, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.firstIndex(where: { $0.number == number }),
            requests[row].source == source, requests[row].piece.raw == piece,
            requests[row].acknowledgedAt == nil
        else { return }
        let index = requests[row].transfer
        requests[row].acknowledgedAt = now
        requests[row].digest = digest
        if let place = transfers[index].roster.place(of: source) {
            transfers[index].sources[place].snubbedUntil = .zero
            transfers[index].sources[place].answered()
            let answer = now - requests[row].sentAt
            let shortest = min(transfers[index].sources[place].latency, answer)
            transfers[index].sources[place].latency = shortest
        }
        if transfers[index].geometry?.carriesBytes == false {
            let request = requests.remove(at: row)
            pieceIsHere(request, now: now, effects: &effects)
        } else {
            keepIfWhole(row, now: now, &effects)
        }
    }

    /// The payload of a request is in its buffer.
    package mutating func payloadArrived(
        _ number: RequestNumber, byteCount: Int, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.firstIndex(where: { $0.number == number }) else {
            return effects.append(.discard(number))
        }
        // It was refused or given up, and comes without having been promised: the source may never
        // say more of it, and its buffer must not wait for that.
        if requests[row].stage == .withdrawn, requests[row].acknowledgedAt == nil {
            requests.remove(at: row)
            return effects.append(.discard(number))
        }
        requests[row].arrivedCount = byteCount
        keepIfWhole(row, now: now, &effects)
    }

    private mutating func keepIfWhole(
        _ row: Int, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let promisedAt = requests[row].acknowledgedAt,
            let count = requests[row].arrivedCount
        else { return }
        noteReceipt(row, since: promisedAt, now: now)
        guard requests[row].stage == .asked || reviveLate(row, &effects) else {
            totals.duplicates += 1
            return effects.append(.discard(requests.remove(at: row).number))
        }
        let request = requests[row]
        guard let content = transfers[request.transfer].content,
            let geometry = transfers[request.transfer].geometry
        else { return }
        guard count == geometry.size(of: request.piece) else {
            requests.remove(at: row)
            effects.append(.discard(request.number))
            return blame(request, &effects)
        }
        if isBeingKept(request) {
            // The other source's bytes are with the disk already.
            requests.remove(at: row)
            release(request)
            totals.duplicates += 1
            return effects.append(.discard(request.number))
        }
        requests[row].stage = .keeping
        effects.append(
            .keep(request.number, as: request.piece, of: content, digest: request.digest))
    }

    private mutating func noteReceipt(_ row: Int, since promisedAt: Tick, now: Tick) {
        let index = requests[row].transfer
        guard let place = transfers[index].roster.place(of: requests[row].source) else { return }
        let begun = max(promisedAt, transfers[index].sources[place].lastReceipt)
        transfers[index].sources[place].timing.note(now - begun)
        transfers[index].timing.note(now - begun)
        transfers[index].sources[place].lastReceipt = now
        transfers[index].looksAgainAt = .zero
        transfers[index].sources[place].snubbedUntil = .zero
        transfers[index].sources[place].answered()
        transfers[index].sources[place].widenWindow(atMost: rules.requestsPerSourceMax)
        transfers[index].isFillable = true
    }

    /// A buffer that was asked back is back.
    package mutating func withdrawn(_ number: RequestNumber) {
        requests.removeAll { $0.number == number && $0.stage == .withdrawn }
    }

    mutating func refused(
        _ content: ContentID, _ piece: UInt32, _ number: RequestNumber, _ refusal: Refusal,
        from source: Rank, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.firstIndex(where: { $0.number == number }),
            requests[row].source == source, requests[row].stage != .keeping
        else { return }
        branches.refusals += 1
        let index = requests[row].transfer
        if let place = transfers[index].roster.place(of: source) {
            transfers[index].sources[place].answered()
            switch refusal {
            case .notHeld, .unreadable:
                transfers[index].noteLost(place, requests[row].piece)
            case .noSuchContent, .shuttingDown: transfers[index].forgetHolds(place)
            case .choked: transfers[index].turn(place, to: .choked)
            case .tooMany:
                transfers[index].sources[place].window = windowMin
                transfers[index].sources[place].snubbedUntil = now + rules.aliveInterval
            case .cancelled: break
            }
        }
        if requests[row].stage == .asked { free(row) }
        askBack(row, &effects)
    }
}
