import Vocabulary
import Wire

/// The transfers for what is wanted, and the reports of the store on their pieces.
///
/// Its only state is that of its parts. Invariant: a transfer that is idle stands for no content
/// yet.
struct Fetching: Sendable {
    let rules: DownloaderRules
    let rank: Rank
    var completion: Completion

    init(_ rules: DownloaderRules, rank: Rank, share: Share) {
        self.rules = rules
        self.rank = rank
        completion = Completion(rules, rank: rank, share: share)
    }

    var inventory: Inventory {
        _read { yield completion.inventory }
        _modify { yield &completion.inventory }
    }

    var sourcing: Sourcing {
        _read { yield completion.sourcing }
        _modify { yield &completion.sourcing }
    }

    var exchange: Exchange {
        _read { yield completion.sourcing.exchange }
        _modify { yield &completion.sourcing.exchange }
    }

    var transfers: TransferTable {
        _read { yield completion.sourcing.exchange.transfers }
        _modify { yield &completion.sourcing.exchange.transfers }
    }

    var journal: Journal {
        _read { yield completion.sourcing.exchange.journal }
        _modify { yield &completion.sourcing.exchange.journal }
    }

    /// Handles a source that promises a piece, or delivers one that is only a label.
    mutating func acknowledged(
        _ piece: UInt32, _ number: RequestNumber, _ digest: PieceDigest?, from source: Rank,
        now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard
            let index = exchange.acknowledged(
                piece, number, digest, from: source, now: now, effects: &effects)
        else { return }
        if let place = transfers[index].sources.place(of: source) {
            transfers[index].sources[place].gaveLabel(windowMax: rules.labelsPerSourceMax)
        }
        completion.progressed(index, &effects)
    }

    /// Handles a report of the store.
    mutating func stored(
        _ event: StoreEvent, at stage: Downloader.Stage, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        switch event {
        case .opened(let content, let opened):
            self.opened(content, opened, now: now, effects: &effects)
        case .publishes(let content): journal.report(.publishes(content), &effects)
        case .cannotPublish(let content): completion.cannotPublish(content, &effects)
        case .measured(let content, let needed, let available, let device):
            let need = RoomNeed(needed: needed, available: available, device: device)
            measured(content, need, &effects)
        case .troubled(let words): journal.troubled(words, &effects)
        case .warned(let words): journal.announce(.warned, words, &effects)
        case .differing(let list): journal.differences.add(list)
        case .sourceRead(let byteCount, let again):
            journal.note(read: ByteCount(Int64(byteCount)), again: ByteCount(Int64(again)))
        case .tabled(let content, let digest): completion.tabled(content, digest, &effects)
        case .proven(let content): completion.proven(content, &effects)
        case .unproven(let content): completion.unproven(content, &effects)
        case .compared(let content, let wrong): completion.compared(content, wrong: wrong, &effects)
        case .heard(let content, let wrong):
            completion.heard(content, wrong: wrong, at: stage, &effects)
        case .restIsHere(let content):
            journal.fedAt = now
            completion.restIsHere(content, &effects)
        case .differs(let piece, let content):
            completion.differs(piece, of: content, at: stage, &effects)
        case .mended(let piece, let content): mended(piece, of: content)
        case .kept(let piece, let content):
            guard let row = keptRow(content, piece) else { return }
            let request = exchange.requests.remove(at: row)
            guard exchange.pieceIsHere(request, now: now, effects: &effects) else { return }
            completion.progressed(request.transfer, &effects)
        case .bad(let piece, let content):
            guard let row = keptRow(content, piece) else { return }
            let request = exchange.requests.remove(at: row)
            refuted(request, &effects)
        case .failed(let content, let failure):
            guard let index = transfers.index(of: content) else { return }
            journal.branches.diskFailures += 1
            completion.fail(index, FailureReason(failure), &effects)
        case .finished(let content, let want): completion.finished(content, want, &effects)
        case .unfinished(_, let want, let failure):
            completion.unfinished(want, FailureReason(failure), &effects)
        case .displaced(let want, let failure): completion.displaced(want, FailureReason(failure))
        case .lookedAgain: break
        }
    }

    /// Handles bytes that the store has found wrong. Where they contradict the publisher's table,
    /// either may be: a message with a part of the table may have been spoilt on its way, and each
    /// honest source would be blamed for that. So the table is requested again first.
    private mutating func refuted(
        _ request: RequestRow, _ effects: inout Effects<DownloaderEffect>
    ) {
        let index = request.transfer
        guard transfers[index].proof.confirmation.hasDigest(of: request.piece),
            let place = transfers[index].sources.place(of: request.source),
            transfers[index].sources.contradicted(by: place)
        else { return exchange.blame(request, &effects) }
        exchange.release(request)
        journal.branches.badPieces += 1
        transfers[index].askAgain(about: request.piece, &effects)
    }

    private mutating func measured(
        _ content: ContentID, _ need: RoomNeed, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content) else { return }
        transfers[index].need = need
        transfers[index].reportNeed(journal, &effects)
        completion.isReviewDue = true
    }

    private func keptRow(_ content: ContentID, _ piece: PieceIndex) -> RequestIndex? {
        transfers.index(of: content).flatMap { exchange.requests.keptRow($0, piece) }
    }

    /// Notes a piece in place that differs from this rank's own source, and is copied from there.
    private mutating func mended(_ piece: PieceIndex, of content: ContentID) {
        guard let geometry = transfers.index(of: content).flatMap({ transfers[$0].geometry })
        else { return }
        journal.totals.toCopy += ByteCount(Int64(geometry.size(of: piece)))
    }

    func checkInvariants() {
        completion.checkInvariants()
        precondition(
            transfers.rows.allSatisfy { $0.stage != .idle || $0.content == nil },
            "a transfer has a content and was not started")
    }
}

extension FailureReason {
    fileprivate init(_ failure: StoreError) {
        switch failure {
        case .noSpace: self = .noSpace
        case .notPermitted, .failing: self = .disk
        case .unready: self = .unready
        case .commandFailed: self = .command
        }
    }
}
