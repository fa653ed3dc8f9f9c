package import Vocabulary
import Wire

/// From the last piece to the file's name, and from no sources left to giving up.
extension Downloader {
    /// What the store reports of its work.
    package mutating func stored(
        _ event: StoreEvent, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        switch event {
        case .opened(let content, let opened):
            self.opened(content, opened, now: now, effects: &effects)
        case .publishes(let content):
            effects.append(.send(.tracker(.publishes(content)), .none, to: rules.tracker))
        case .measured(let content, let needed, let available, let device):
            guard let index = transferOfContent[content] else { return }
            transfers[index].need = RoomNeed(
                needed: needed, available: available, device: device)
            tellNeed(index, &effects)
        case .troubled(let words): troubled(words, &effects)
        case .warned(let words): tell(.warned, words, &effects)
        case .sourceRead(let byteCount):
            totals.read = max(totals.read, ByteCount(Int64(byteCount)))
        case .tabled(let content, let digest): tabled(content, digest, &effects)
        case .proven(let content): proven(content, &effects)
        case .unproven(let content): unproven(content, &effects)
        case .compared(let content, let wrong): compared(content, wrong: wrong, &effects)
        case .heard(let content, let wrong): heard(content, wrong: wrong, &effects)
        case .restIsHere(let content):
            fedAt = now
            restIsHere(content, &effects)
        case .differs(let piece, let content): differs(piece, of: content, &effects)
        case .mended(let piece, let content): mended(piece, of: content)
        case .kept(let piece, let content):
            guard let row = keptRow(content, piece) else { return }
            pieceIsHere(requests.remove(at: row), now: now, effects: &effects)
        case .bad(let piece, let content):
            guard let row = keptRow(content, piece) else { return }
            blame(requests.remove(at: row), &effects)
        case .failed(let content, let failure):
            guard let index = transferOfContent[content] else { return }
            branches.diskFailures += 1
            failTransfer(index, FailureReason(failure), &effects)
        case .finished(let content, let want): finished(content, want, &effects)
        case .unfinished(_, let want, let failure):
            failTransfer(want.position, FailureReason(failure), &effects)
        case .displaced(let want, let failure): displaced(want, FailureReason(failure))
        case .lookedAgain: leave(&effects)
        }
    }

    /// Our own source has another piece than the copy in place, and is copied from.
    private mutating func mended(_ piece: PieceIndex, of content: ContentID) {
        guard let geometry = transferOfContent[content].flatMap({ transfers[$0].geometry })
        else { return }
        totals.toCopy += ByteCount(Int64(geometry.size(of: piece)))
    }

    private mutating func finished(
        _ content: ContentID, _ want: WantNumber, _ effects: inout Effects<DownloaderEffect>
    ) {
        tell(.completed(content), &effects)
        transfers[want.position].stage = .done
        describe(content, as: want)
        totals.delivered += 1
        isReviewDue = true
        tellDelivered(want, &effects)
    }

    private mutating func displaced(_ want: WantNumber, _ reason: FailureReason) {
        guard transfers[want.position].stage == .done else { return }
        transfers[want.position].stage = .failed(reason)
        totals.delivered -= 1
    }

    /// The first is the one that counts, and every piece of a file may fail alike.
    private mutating func troubled(_ words: String, _ effects: inout Effects<DownloaderEffect>) {
        guard trouble == nil else { return }
        trouble = words
        tell(.notReady, words, &effects)
    }

    /// Said to every tracker that we come to, which may have missed what the last one heard.
    func tellNeed(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content, let need = transfers[index].need else {
            return
        }
        let tail = effects.tail { $0.write(need.device) }
        let message = TrackerMessage.measured(
            content, needed: need.needed, available: need.available)
        effects.append(.send(.tracker(message), tail, to: rules.tracker))
    }

    mutating func progressed(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        if transfers[index].have.isFull {
            reviewInterest(index, &effects)
            return piecesAreHere(index, &effects)
        }
        transfers[index].piecesSinceUpdate += 1
        guard case .want = transfers[index].purpose,
            !transfers[index].hasUpdated
                || transfers[index].piecesSinceUpdate >= rules.piecesPerUpdate
        else { return }
        transfers[index].hasUpdated = true
        transfers[index].piecesSinceUpdate = 0
        tellHeld(index, &effects)
        askSwarm(index, &effects)
    }

    func tellHeld(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content else { return }
        let held = UInt32(transfers[index].have.count)
        effects.append(
            .send(.tracker(.peerUpdate(content, held: held)), .none, to: rules.tracker))
    }

    mutating func piecesAreHere(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard !transfers[index].needsProof(at: rank) else { return prove(index, &effects) }
        complete(index, &effects)
        for other in transfers.indices where transfers[other].stage == .sharing(with: index) {
            complete(other, &effects)
        }
    }

    private mutating func complete(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content else { return }
        isReviewDue = true
        switch transfers[index].purpose {
        case .want(let want):
            transfers[index].stage = .finishing
            let isSeed = transfers[index].have.isFull && !withdrawn.contains(content)
            let message: TrackerMessage = isSeed ? .fileCompleted(content) : .gaveUp(content)
            effects.append(.send(.tracker(message), .none, to: rules.tracker))
            effects.append(.finish(content, want))
        case .manifest(of: let parent):
            transfers[index].stage = .done
            guard transfers[parent].stage == .opening, let outer = transfers[parent].content
            else { return }
            effects.append(.openFetched(outer, from: content))
        }
    }

    mutating func failTransfer(
        _ index: Int, _ reason: FailureReason, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard !transfers[index].isOver else { return }
        isReviewDue = true
        disappointHeir(of: index, &effects)
        transfers[index].stage = .failed(reason)
        if let ticket = transfers[index].order?.ticket {
            effects.append(.report(.failed(ticket, reason)))
            if case .want(let want) = transfers[index].purpose { effects.append(.release(want)) }
        }
        reviewInterest(index, &effects)
        dropRequests(of: index, &effects)
        if case .want = transfers[index].purpose, let content = transfers[index].content {
            manifests[content] = nil
            effects.append(.send(.tracker(.gaveUp(content)), .none, to: rules.tracker))
        }
        for other in transfers.indices where transfers[other].stage == .sharing(with: index) {
            failTransfer(other, reason, &effects)
        }
        // A content without its manifest is no content; a manifest is of no use by itself.
        for other in transfers.indices where !transfers[other].isOver {
            if transfers[other].purpose == .manifest(of: index)
                || transfers[index].purpose == .manifest(of: other)
            {
                failTransfer(other, reason, &effects)
            }
        }
    }
}

extension FailureReason {
    fileprivate init(_ failure: StoreFailure) {
        switch failure {
        case .noSpace: self = .noSpace
        case .notPermitted, .failing: self = .disk
        case .unready: self = .unready
        }
    }
}
