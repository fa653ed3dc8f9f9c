import Vocabulary
import Wire

/// Giving up on requests and sources, and what a piece that came changes.
extension Downloader {
    /// Puts the piece back and asks for the buffer, if one is lent.
    mutating func giveUp(_ row: Int, _ effects: inout Effects<DownloaderEffect>) {
        let request = requests[row]
        requeue(request)
        if transfers[request.transfer].geometry?.carriesBytes == true {
            requests[row].stage = .withdrawn
            effects.append(.withdraw(request.number))
        } else {
            requests.remove(at: row)
        }
    }

    /// A transfer has failed: what is under way for it is of no use to anybody.
    mutating func dropRequests(of index: Int, _ effects: inout Effects<DownloaderEffect>) {
        for row in requests.indices.reversed() where requests[row].transfer == index {
            switch requests[row].stage {
            case .asked where requests[row].arrivedCount == nil: giveUp(row, &effects)
            case .asked:
                let request = requests.remove(at: row)
                requeue(request)
                effects.append(.discard(request.number))
            case .keeping: requeue(requests.remove(at: row))
            case .withdrawn: break
            }
        }
    }

    private mutating func requeue(_ request: RequestRow) {
        transfers[request.transfer].inFlightCount -= 1
        transfers[request.transfer].queued.insert(request.piece)
        noteOutstanding(request.transfer, request.source, change: -1)
    }

    func isKeeping(_ content: ContentID, _ piece: PieceIndex) -> Int? {
        guard let index = transferOfContent[content] else { return nil }
        return requests.firstIndex {
            $0.transfer == index && $0.piece == piece && $0.stage == .keeping
        }
    }

    mutating func noteOutstanding(_ index: Int, _ source: Rank, change: Int) {
        guard let place = transfers[index].sourceIndex(of: source) else { return }
        transfers[index].sources[place].outstanding += change
    }

    mutating func forgiveSource(_ index: Int, _ source: Rank) {
        guard let place = transfers[index].sourceIndex(of: source) else { return }
        transfers[index].sources[place].snubbedUntil = .zero
    }

    /// Its bytes are not what the manifest says: this piece is not asked of it again, and after
    /// a second one nothing is.
    mutating func blame(_ request: RequestRow) {
        requeue(request)
        totals.violations += 1
        let index = request.transfer
        guard let place = transfers[index].sourceIndex(of: request.source) else { return }
        transfers[index].sources[place].badPieces += 1
        transfers[index].sources[place].holds.remove(request.piece)
    }

    mutating func expireRequests(now: Tick, effects: inout Effects<DownloaderEffect>) {
        for row in requests.indices.reversed()
        where requests[row].stage == .asked && requests[row].patienceEnd <= now {
            let index = requests[row].transfer
            if let place = transfers[index].sourceIndex(of: requests[row].source) {
                transfers[index].sources[place].snubbedUntil = now + rules.requestPatience
            }
            giveUp(row, &effects)
        }
    }

    mutating func pieceIsHere(
        _ request: RequestRow, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        let index = request.transfer
        noteOutstanding(index, request.source, change: -1)
        transfers[index].inFlightCount -= 1
        guard transfers[index].stage == .fetching, let content = transfers[index].content,
            let geometry = transfers[index].geometry, transfers[index].have.insert(request.piece)
        else { return }
        if let place = transfers[index].sourceIndex(of: request.source) {
            let size = geometry.carriesBytes ? geometry.size(of: request.piece) : 0
            transfers[index].sources[place].piecesGiven += 1
            transfers[index].sources[place].bytesGiven += ByteCount(Int64(size))
            totals.size += ByteCount(Int64(size))
        }
        totals.pieces += 1
        effects.append(.tell(.pieceStored(request.piece, of: content)))
        progressed(index, &effects)
    }
}
