import Vocabulary
import Wire

/// Giving up on requests and sources, and what a piece that came changes.
extension Downloader {
    /// The piece is free again. A source that may still be about to send it is told not to; what
    /// comes all the same is used, so the buffer stays lent until the source has answered.
    mutating func giveUp(_ row: Int, _ effects: inout Effects<DownloaderEffect>) {
        let request = requests[row]
        free(row)
        guard transfers[request.transfer].geometry?.carriesBytes == true,
            let content = transfers[request.transfer].content
        else {
            requests.remove(at: row)
            return
        }
        requests[row].stage = .late
        guard request.acknowledgedAt == nil else { return }
        let message = UploadMessage.cancel(content, request: request.number)
        effects.append(.send(.upload(message), .none, to: request.source))
    }

    /// The request of a row no longer holds its piece in flight.
    mutating func free(_ row: Int) {
        let request = requests[row]
        requests[row].stage = .late
        release(request)
    }

    /// Puts the piece back, unless another source was asked for it too.
    mutating func release(_ request: RequestRow) {
        noteOutstanding(request, change: -1)
        guard !isUnderWay(request.transfer, request.piece) else { return }
        transfers[request.transfer].gaveBack(request.piece)
    }

    /// Nothing will come for this row: its buffer is asked back, if one is lent.
    mutating func askBack(_ row: Int, _ effects: inout Effects<DownloaderEffect>) {
        let request = requests[row]
        guard transfers[request.transfer].geometry?.carriesBytes == true else {
            requests.remove(at: row)
            return
        }
        guard request.arrivedCount == nil else {
            requests.remove(at: row)
            return effects.append(.discard(request.number))
        }
        guard request.stage != .withdrawn else { return }
        requests[row].stage = .withdrawn
        effects.append(.withdraw(request.number))
    }

    /// What was given up has come. It is used when the piece is still missing: whoever was asked
    /// for it since need not send it.
    mutating func reviveLate(_ row: Int, _ effects: inout Effects<DownloaderEffect>) -> Bool {
        let request = requests[row]
        guard transfers[request.transfer].stage == .fetching,
            !transfers[request.transfer].have.contains(request.piece), !isBeingKept(request)
        else { return false }
        if transfers[request.transfer].queued.contains(request.piece) {
            transfers[request.transfer].took(request.piece)
        } else {
            callOffOthers(of: request, &effects)
        }
        requests[row].stage = .asked
        noteOutstanding(request, change: 1)
        branches.lateArrivals += 1
        return true
    }

    /// A transfer has failed: what is under way for it is of no use to anybody.
    mutating func dropRequests(of index: Int, _ effects: inout Effects<DownloaderEffect>) {
        for row in requests.indices.reversed() where requests[row].transfer == index {
            switch requests[row].stage {
            case .asked where requests[row].arrivedCount == nil: giveUp(row, &effects)
            case .asked:
                free(row)
                effects.append(.discard(requests.remove(at: row).number))
            // The store has the bytes and will answer; nobody listens.
            case .keeping: release(removed(row))
            case .late, .withdrawn: break
            }
        }
    }

    private mutating func removed(_ row: Int) -> RequestRow { requests.remove(at: row) }

    func isUnderWay(_ index: Int, _ piece: PieceIndex) -> Bool {
        requests.contains { $0.transfer == index && $0.piece == piece && $0.isUnderWay }
    }

    func isLateSomewhere(_ index: Int, _ piece: PieceIndex) -> Bool {
        requests.contains { $0.transfer == index && $0.piece == piece && $0.stage == .late }
    }

    func isBeingKept(_ request: RequestRow) -> Bool {
        requests.contains {
            $0.transfer == request.transfer && $0.piece == request.piece && $0.stage == .keeping
        }
    }

    func keptRow(_ content: ContentID, _ piece: PieceIndex) -> Int? {
        guard let index = transferOfContent[content] else { return nil }
        return requests.firstIndex {
            $0.transfer == index && $0.piece == piece && $0.stage == .keeping
        }
    }

    func noteOutstandingPlace(_ request: RequestRow) -> Int? {
        transfers[request.transfer].roster.place(of: request.source)
    }

    mutating func noteOutstanding(_ request: RequestRow, change: Int) {
        guard let place = noteOutstandingPlace(request) else { return }
        transfers[request.transfer].sources[place].outstanding += change
        transfers[request.transfer].isFillable = true
    }

    /// Its bytes are not what the manifest says: nothing of this content is asked of it again,
    /// and after another nothing at all.
    mutating func blame(_ request: RequestRow, _ effects: inout Effects<DownloaderEffect>) {
        release(request)
        totals.violations += 1
        branches.badPieces += 1
        badPieces[request.source, default: 0] += 1
        let isDropped = badPieces[request.source, default: 0] >= rules.badPiecesMax
        if isDropped { branches.drops += 1 }
        if badPieces[request.source] == 1 { accuse(request.source, .wrongPieces, &effects) }
        for index in transfers.indices where isDropped || index == request.transfer {
            guard let place = transfers[index].roster.place(of: request.source) else { continue }
            transfers[index].distrust(place)
            transfers[index].forgetHolds(place)
            reviewInterest(index, &effects)
        }
    }

    /// The tracker names a rank that cannot be believed, whichever rank finds it out first.
    func accuse(
        _ source: Rank, _ complaint: Complaint, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard source != rank, stage != .over else { return }
        effects.append(.send(.tracker(.accused(source, complaint)), .none, to: rules.tracker))
    }

    mutating func pieceIsHere(
        _ request: RequestRow, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        let index = request.transfer
        fedAt = now
        noteOutstanding(request, change: -1)
        callOffOthers(of: request, &effects)
        guard let content = transfers[index].content, let geometry = transfers[index].geometry
        else { return }
        transfers[index].got(request.piece)
        let size = geometry.carriesBytes ? geometry.size(of: request.piece) : 0
        if let place = transfers[index].roster.place(of: request.source) {
            transfers[index].sources[place].piecesGiven += 1
            transfers[index].sources[place].bytesGiven += ByteCount(Int64(size))
        }
        count(ByteCount(Int64(size)), of: index, now: now)
        if case .want = transfers[index].purpose {
            let count = transfers[index].have.count
            tell(
                .stored(request.piece, of: content, from: request.source, count: count), &effects)
        }
        effects.append(
            .tell(
                .pieceStored(
                    request.piece, of: content, from: request.source, byteCount: size)))
        progressed(index, &effects)
    }

    /// Users are told of payload; what was fetched to know of it is counted apart.
    private mutating func count(_ size: ByteCount, of index: Int, now: Tick) {
        guard case .want = transfers[index].purpose else {
            manifestTotals.pieces += 1
            manifestTotals.size += size
            return
        }
        totals.pieces += 1
        totals.size += size
        if rules.keepsChronicle {
            chronicle.note(pieces: totals.pieces, size: totals.size, now: now)
        }
    }

    /// The piece is here; whoever else was asked for it need not send it.
    private mutating func callOffOthers(
        of request: RequestRow, _ effects: inout Effects<DownloaderEffect>
    ) {
        for row in requests.indices.reversed()
        where requests[row].transfer == request.transfer && requests[row].piece == request.piece
            && requests[row].stage == .asked
        {
            let other = requests[row]
            noteOutstanding(other, change: -1)
            guard transfers[other.transfer].geometry?.carriesBytes == true,
                let content = transfers[other.transfer].content
            else {
                requests.remove(at: row)
                continue
            }
            requests[row].stage = .late
            guard other.acknowledgedAt == nil else { continue }
            let message = UploadMessage.cancel(content, request: other.number)
            effects.append(.send(.upload(message), .none, to: other.source))
        }
    }
}
