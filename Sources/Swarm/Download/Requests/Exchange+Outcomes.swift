import Vocabulary
import Wire

/// Gives up requests and sources, and handles pieces that have arrived.
extension Exchange {
    func deadline(of request: RequestRow) -> Tick {
        patience.deadline(of: request, in: transfers[request.transfer])
    }

    mutating func expireRequests(now: Tick, effects: inout Effects<DownloaderEffect>) {
        for row in requests.indices.reversed() {
            let request = requests[row]
            switch request.stage {
            case .asked where deadline(of: request) <= now:
                snub(request, now: now)
                giveUp(row, &effects)
            case .late where patience.end(ofLate: request, in: transfers[request.transfer]) <= now:
                askBack(row, &effects)
            case .asked, .keeping, .late, .withdrawn: break
            }
        }
    }

    private mutating func snub(_ request: RequestRow, now: Tick) {
        let index = request.transfer
        guard let place = transfers[index].sources.place(of: request.source) else { return }
        journal.branches.snubs += 1
        transfers[index].inquiry.isInDoubt = true
        let time = patience.piece(
            from: transfers[index].sources[place], usual: transfers[index].pace.timing,
            pieceLength: transfers[index].pieceLength)
        transfers[index].sources[place].snub(until: now + time)
    }

    /// Gives up a request and queues its piece again. A source that has not promised the piece gets
    /// a `cancel`. A piece that still arrives is used, so the buffer stays lent until the source
    /// has answered.
    private mutating func giveUp(
        _ row: RequestIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
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

    /// Takes the piece of a request out of flight.
    mutating func free(_ row: RequestIndex) {
        let request = requests[row]
        requests[row].stage = .late
        release(request)
    }

    /// Queues the piece of a request again, unless another source was asked for it as well.
    mutating func release(_ request: RequestRow) {
        noteOutstanding(request, change: -1)
        guard !requests.isUnderWay(request.transfer, request.piece) else { return }
        transfers[request.transfer].gaveBack(request.piece)
    }

    /// Withdraws the buffer of a row, if one is lent, because no payload will come for it.
    mutating func askBack(_ row: RequestIndex, _ effects: inout Effects<DownloaderEffect>) {
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

    /// Handles a piece that was given up and has arrived. It is used if it is still missing; a
    /// later request to another source is cancelled.
    mutating func reviveLate(
        _ row: RequestIndex, _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        let request = requests[row]
        guard transfers[request.transfer].stage == .fetching,
            !transfers[request.transfer].board.have.contains(request.piece),
            !requests.isBeingKept(request)
        else { return false }
        if transfers[request.transfer].board.queued.contains(request.piece) {
            transfers[request.transfer].board.took(request.piece)
        } else {
            callOffOthers(of: request, &effects)
        }
        requests[row].stage = .asked
        noteOutstanding(request, change: 1)
        journal.branches.lateArrivals += 1
        return true
    }

    /// A transfer has failed, or its pieces were read here, so its requests are of no use.
    mutating func dropRequests(
        of index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        for row in requests.indices.reversed() where requests[row].transfer == index {
            switch requests[row].stage {
            case .asked where requests[row].arrivedCount == nil: giveUp(row, &effects)
            case .asked:
                free(row)
                effects.append(.discard(requests.remove(at: row).number))
            // The store has the bytes and will answer; a failed transfer does not wait for that.
            case .keeping where transfers[index].isOver: release(requests.remove(at: row))
            case .keeping, .late, .withdrawn: break
            }
        }
    }

    /// Handles a source that leaves: pieces that it has not promised will not come.
    mutating func sourceLeft(_ source: Rank, _ effects: inout Effects<DownloaderEffect>) {
        bids.remove(by: source)
        for row in requests.indices.reversed()
        where requests[row].source == source && requests[row].stage == .asked
            && requests[row].acknowledgedAt == nil
        {
            giveUp(row, &effects)
        }
        for index in transfers.indices { transfers[index].left(source) }
    }

    /// Handles the death of a source: nothing that was requested from it will come.
    mutating func died(_ source: Rank, _ effects: inout Effects<DownloaderEffect>) {
        bids.remove(by: source)
        for row in requests.indices.reversed() where requests[row].source == source {
            if requests[row].stage == .asked { free(row) }
            if requests[row].stage == .late { askBack(row, &effects) }
        }
        for index in transfers.indices where transfers[index].sources.place(of: source) != nil {
            transfers[index].inquiry.bereaved()
            transfers[index].filling = .due
        }
    }

    private mutating func noteOutstanding(_ request: RequestRow, change: Int) {
        guard let place = transfers[request.transfer].sources.place(of: request.source)
        else { return }
        transfers[request.transfer].sources[place].outstanding += change
        transfers[request.transfer].filling = .due
    }

    /// Handles wrong bytes: their source is asked for nothing more of this content, and after
    /// another bad piece for nothing at all.
    mutating func blame(_ request: RequestRow, _ effects: inout Effects<DownloaderEffect>) {
        release(request)
        journal.totals.violations += 1
        journal.branches.badPieces += 1
        badPieces[request.source, default: 0] += 1
        let isDropped = badPieces[request.source, default: 0] >= rules.badPiecesMax
        if isDropped { journal.branches.drops += 1 }
        if badPieces[request.source] == 1, request.source != rank {
            journal.accuse(request.source, .wrongPieces, &effects)
        }
        for index in transfers.indices where isDropped || index == request.transfer {
            guard let place = transfers[index].sources.place(of: request.source) else { continue }
            transfers[index].sources.distrust(place)
            transfers[index].forgetHolds(place)
            transfers[index].reviewInterest(&effects)
        }
    }

    /// Handles a piece that is here. Returns false if its content is unknown.
    mutating func pieceIsHere(
        _ request: RequestRow, now: Tick, effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        let index = request.transfer
        journal.fedAt = now
        noteOutstanding(request, change: -1)
        callOffOthers(of: request, &effects)
        guard let content = transfers[index].content, let geometry = transfers[index].geometry
        else { return false }
        transfers[index].got(request.piece)
        let size = geometry.carriesBytes ? geometry.size(of: request.piece) : 0
        if let place = transfers[index].sources.place(of: request.source) {
            transfers[index].sources[place].gave(ByteCount(Int64(size)))
        }
        if case .want = transfers[index].purpose {
            journal.gotPiece(ByteCount(Int64(size)), now: now)
            let count = transfers[index].board.have.count
            journal.tell(
                .stored(request.piece, of: content, from: request.source, count: count), &effects)
        } else {
            journal.gotManifestPiece(ByteCount(Int64(size)))
        }
        let time = now - (request.acknowledgedAt ?? request.sentAt)
        let note = UploaderNote.pieceStored(
            request.piece, of: content, from: request.source, byteCount: size, in: time)
        effects.append(.tell(note))
        return true
    }

    /// Cancels the requests to other sources for a piece that is here.
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
