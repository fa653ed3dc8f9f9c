package import Vocabulary
import Wire

/// Requests and what becomes of them.
extension Downloader {
    /// Asks for queued pieces while sources have room, looking only so far ahead.
    mutating func fill(_ index: Int, now: Tick, effects: inout Effects<DownloaderEffect>) {
        let count = transfers[index].have.capacity
        guard transfers[index].sources.contains(where: { hasRoom($0) }) else { return }
        // Peers begin at different places, so that from the start they have what others lack.
        let origin = Int(rank.raw) % peerCount * count / peerCount
        var looked = 0
        for part in [origin..<count, 0..<origin] {
            var position = part.lowerBound
            while let piece = transfers[index].queued.first(from: position),
                part.contains(piece.position)
            {
                guard looked < rules.lookaheadMax, requests.count < rules.requestsInFlightMax
                else { return }
                looked += 1
                position = piece.position + 1
                let turn = transfers[index].roundRobinSource(
                    of: piece, now: now, badPiecesMax: rules.badPiecesMax)
                guard let turn, hasRoom(transfers[index].sources[turn]) else { continue }
                ask(index, piece, source: turn, now: now, &effects)
            }
        }
    }

    private func hasRoom(_ source: SourceRow) -> Bool {
        source.outstanding < rules.requestsPerSourceMax
    }

    private mutating func ask(
        _ index: Int, _ piece: PieceIndex, source: Int, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content = transfers[index].content, let geometry = transfers[index].geometry
        else { return }
        let rank = transfers[index].sources[source].rank
        let number = nextRequest
        nextRequest = number.next
        transfers[index].queued.remove(piece)
        transfers[index].inFlightCount += 1
        transfers[index].sources[source].outstanding += 1
        transfers[index].sources[source].asked += 1
        requests.append(
            RequestRow(
                number: number, transfer: index, piece: piece, source: rank,
                patienceEnd: now + rules.requestPatience))
        if geometry.carriesBytes {
            effects.append(.lend(number, from: rank, byteCount: geometry.size(of: piece)))
        }
        let message = UploadMessage.request(
            content, piece: piece.raw, run: 1, request: number, offer: 0)
        effects.append(.send(.upload(message), .none, to: rank))
    }

    mutating func acknowledged(
        _ content: ContentID, _ piece: UInt32, _ number: RequestNumber, from source: Rank,
        now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.firstIndex(where: { $0.number == number }),
            requests[row].source == source, requests[row].piece.raw == piece
        else { return }
        let index = requests[row].transfer
        forgiveSource(index, source)
        requests[row].isAcknowledged = true
        if transfers[index].geometry?.carriesBytes == false {
            let request = requests.remove(at: row)
            pieceIsHere(request, now: now, effects: &effects)
        } else {
            keepIfWhole(row, &effects)
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
        if requests[row].stage == .withdrawn {
            // It was asked again elsewhere meanwhile; used all the same when still missing.
            let index = requests[row].transfer
            guard transfers[index].stage == .fetching,
                transfers[index].queued.contains(requests[row].piece)
            else {
                requests.remove(at: row)
                totals.duplicates += 1
                return effects.append(.discard(number))
            }
            transfers[index].queued.remove(requests[row].piece)
            transfers[index].inFlightCount += 1
            noteOutstanding(index, requests[row].source, change: 1)
            requests[row].stage = .asked
        }
        keepIfWhole(row, &effects)
    }

    private mutating func keepIfWhole(_ row: Int, _ effects: inout Effects<DownloaderEffect>) {
        let request = requests[row]
        guard request.stage == .asked, request.isAcknowledged, let count = request.arrivedCount,
            let content = transfers[request.transfer].content,
            let geometry = transfers[request.transfer].geometry
        else { return }
        guard count == geometry.size(of: request.piece) else {
            requests.remove(at: row)
            effects.append(.discard(request.number))
            return blame(request)
        }
        requests[row].stage = .keeping
        effects.append(.keep(request.number, as: request.piece, of: content))
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
            requests[row].source == source, requests[row].stage == .asked
        else { return }
        let index = requests[row].transfer
        if let place = transfers[index].sourceIndex(of: source) {
            switch refusal {
            case .notHeld, .unreadable:
                transfers[index].sources[place].holds.remove(requests[row].piece)
            case .noSuchContent, .shuttingDown:
                let none = PieceSet(none: transfers[index].have.capacity)
                transfers[index].sources[place].holds = none
            case .choked, .cancelled, .tooMany:
                transfers[index].sources[place].snubbedUntil = now + rules.aliveInterval
            }
        }
        giveUp(row, &effects)
    }
}
