package import Vocabulary
import Wire

/// Requests and what becomes of them.
extension Downloader {
    /// Asks sources in turn, one piece each, while they have room.
    mutating func fill(_ index: Int, now: Tick, effects: inout Effects<DownloaderEffect>) {
        var asked = true
        while asked {
            asked = false
            for _ in transfers[index].sources.indices {
                guard requests.count < rules.requestsInFlightMax else { return }
                let place = transfers[index].turn % transfers[index].sources.count
                transfers[index].turn = place + 1
                guard mayAsk(index, place, now: now) else { continue }
                if let piece = choose(index, place, now: now) {
                    ask(index, piece, source: place, offer: 0, now: now, &effects)
                    asked = true
                }
            }
        }
    }

    private mutating func mayAsk(_ index: Int, _ place: Int, now: Tick) -> Bool {
        let source = transfers[index].sources[place]
        guard source.useful > 0, source.outstanding < source.window else { return false }
        if source.isAskable(now: now) { return true }
        // Whoever offers is asked only when no offers come, and then for one piece.
        return transfers[index].asksDirectly && source.stance == .offering
            && source.snubbedUntil <= now && !source.isDistrusted
            && transfers[index].inFlightCount == 0
    }

    private mutating func choose(_ index: Int, _ place: Int, now: Tick) -> PieceIndex? {
        if transfers[index].queued.isEmpty { return lastPiece(index, place, now: now) }
        return rules.picker.piece(
            for: place, in: transfers[index], now: now, chance: &chance)
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
        requests.append(
            RequestRow(
                number: number, transfer: index, piece: piece, source: rank, sentAt: now))
        effects.append(.wake(at: deadline(of: requests[requests.count - 1])))
        if geometry.carriesBytes {
            effects.append(.lend(number, from: rank, byteCount: geometry.size(of: piece)))
        }
        let message = UploadMessage.request(
            content, piece: piece.raw, run: 1, request: number, offer: offer)
        effects.append(.send(.upload(message), .none, to: rank))
    }

    mutating func acknowledged(
        _ content: ContentID, _ piece: UInt32, _ number: RequestNumber, from source: Rank,
        now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.firstIndex(where: { $0.number == number }),
            requests[row].source == source, requests[row].piece.raw == piece,
            requests[row].acknowledgedAt == nil
        else { return }
        let index = requests[row].transfer
        requests[row].acknowledgedAt = now
        if let place = transfers[index].sourceIndex(of: source) {
            transfers[index].sources[place].snubbedUntil = .zero
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
        guard requests[row].stage == .asked || reviveLate(row) else {
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
        effects.append(.keep(request.number, as: request.piece, of: content))
    }

    private mutating func noteReceipt(_ row: Int, since promisedAt: Tick, now: Tick) {
        let index = requests[row].transfer
        guard let place = transfers[index].sourceIndex(of: requests[row].source) else { return }
        let begun = max(promisedAt, transfers[index].sources[place].lastReceipt)
        transfers[index].sources[place].timing.note(now - begun)
        transfers[index].timing.note(now - begun)
        transfers[index].sources[place].lastReceipt = now
        transfers[index].sources[place].snubbedUntil = .zero
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
            requests[row].source == source
        else { return }
        branches.refusals += 1
        let index = requests[row].transfer
        if let place = transfers[index].sourceIndex(of: source) {
            switch refusal {
            case .notHeld, .unreadable:
                transfers[index].noteLacks(place, requests[row].piece)
            case .noSuchContent, .shuttingDown: transfers[index].forgetHolds(place)
            case .choked: transfers[index].sources[place].stance = .choked
            case .tooMany:
                transfers[index].sources[place].window = SourceRow.windowMin
                transfers[index].sources[place].snubbedUntil = now + rules.aliveInterval
            case .cancelled: break
            }
        }
        if requests[row].stage == .asked { free(row) }
        askBack(row, &effects)
    }
}
