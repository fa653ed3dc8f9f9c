import Vocabulary
import Wire

/// Leads a transfer from its last piece to the file's name: decides when a content's pieces are
/// proven to be its publisher's, when a transfer is complete, and when it has failed.
///
/// Invariant: a transfer begins to finish only when it needs no proof at that moment.
struct Completion: Sendable {
    let rules: DownloaderRules
    let rank: Rank
    var sourcing: Sourcing
    var inventory: Inventory
    /// Transfers may have to be started, or may all be over.
    var isReviewDue = true

    init(_ rules: DownloaderRules, rank: Rank, share: Share) {
        self.rules = rules
        self.rank = rank
        sourcing = Sourcing(rules, rank: rank, wants: share.wants)
        inventory = Inventory(share, rules)
    }

    var exchange: Exchange {
        _read { yield sourcing.exchange }
        _modify { yield &sourcing.exchange }
    }

    var transfers: TransferTable {
        _read { yield sourcing.exchange.transfers }
        _modify { yield &sourcing.exchange.transfers }
    }

    var journal: Journal {
        _read { yield sourcing.exchange.journal }
        _modify { yield &sourcing.exchange.journal }
    }

    mutating func finished(
        _ content: ContentID, _ want: WantNumber, _ effects: inout Effects<DownloaderEffect>
    ) {
        let index = TransferIndex(want)
        transfers.endedNaming(want)
        // A part that has failed meanwhile, or lacks a piece again, counts for nothing.
        if rules.lastWantWaits, transfers.onlyHelps(index), transfers[index].stage != .finishing {
            return
        }
        journal.tell(.completed(content), &effects)
        transfers[index].stage = .done
        inventory.describe(content, as: transfers.name(of: want), transfers[index].geometry)
        journal.totals.delivered += 1
        isReviewDue = true
        guard let ticket = transfers[index].order?.ticket, let content = transfers[index].content
        else { return }
        effects.append(.report(.delivered(ticket, content)))
    }

    mutating func unfinished(
        _ want: WantNumber, _ reason: FailureReason, _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers.endedNaming(want)
        fail(TransferIndex(want), reason, &effects)
    }

    mutating func displaced(_ want: WantNumber, _ reason: FailureReason) {
        let index = TransferIndex(want)
        guard transfers[index].stage == .done else { return }
        transfers[index].stage = .failed(reason)
        journal.totals.delivered -= 1
    }

    /// Reports the contents that have their final names, when no transfer is left.
    func reportNames(_ effects: inout Effects<DownloaderEffect>) {
        for transfer in transfers.rows where transfer.stage == .done && transfer.isFile {
            if let content = transfer.content { journal.report(.named(content), &effects) }
        }
    }

    /// Reviews a transfer that has received a piece.
    mutating func progressed(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].board.have.isFull else {
            return sourcing.progressed(index, &effects)
        }
        transfers[index].reviewInterest(&effects)
        piecesAreHere(index, &effects)
    }

    mutating func piecesAreHere(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard !transfers[index].needsProof(at: rank) else { return prove(index, &effects) }
        complete(index, &effects)
        for other in transfers.indices where transfers[other].stage == .sharing(with: index) {
            complete(other, &effects)
        }
    }

    private mutating func complete(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content = transfers[index].content else { return }
        isReviewDue = true
        switch transfers[index].purpose {
        case .want(let want):
            let isSeed = transfers[index].board.have.isFull && !inventory.isWithdrawn(content)
            journal.report(isSeed ? .fileCompleted(content) : .gaveUp(content), &effects)
            finish(index, content, want, &effects)
        case .manifest(of: let parent):
            transfers[index].stage = .done
            guard transfers[parent].stage == .opening, let outer = transfers[parent].content
            else { return }
            effects.append(.store(.openFetched(outer, from: content)))
        }
    }

    /// The store gives a whole content the name of the want.
    mutating func finish(
        _ index: TransferIndex, _ content: ContentID, _ want: WantNumber,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].stage = .finishing
        transfers.beganNaming(want)
        effects.append(.store(.finish(content, want)))
    }

    mutating func fail(
        _ index: TransferIndex, _ reason: FailureReason,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard !transfers[index].isOver else { return }
        isReviewDue = true
        disappointHeir(of: index, &effects)
        transfers[index].stage = .failed(reason)
        if rules.lastWantWaits, transfers.onlyHelps(index) { journal.totals.wanted -= 1 }
        if let ticket = transfers[index].order?.ticket {
            effects.append(.report(.failed(ticket, reason)))
            if case .want(let want) = transfers[index].purpose {
                effects.append(.store(.release(want)))
            }
        }
        transfers[index].reviewInterest(&effects)
        exchange.dropRequests(of: index, &effects)
        if transfers[index].isFile, let content = transfers[index].content {
            inventory.forgetManifest(of: content)
            journal.report(.gaveUp(content), &effects)
        }
        for other in transfers.indices where transfers[other].stage == .sharing(with: index) {
            if mayGoOn(other, without: index, reason) {
                startAgain(other, &effects)
            } else {
                fail(other, reason, &effects)
            }
        }
        // A content is useless without its manifest, and a manifest without its content.
        for other in transfers.indices where !transfers[other].isOver {
            if transfers[other].purpose == .manifest(of: index)
                || transfers[index].purpose == .manifest(of: other)
            {
                fail(other, reason, &effects)
            }
        }
    }

    /// Whether another transfer's failure does not concern this one: its order may be bound to a
    /// source that is gone.
    private func mayGoOn(
        _ index: TransferIndex, without other: TransferIndex, _ reason: FailureReason
    ) -> Bool {
        reason == .notThere && transfers[index].order?.source != transfers[other].order?.source
    }

    private mutating func startAgain(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].content = nil
        transfers[index].stage = .asked
        sourcing.askSwarm(index, &effects)
    }

    /// Fails all transfers when the job is over for this rank, without further reports.
    mutating func failAll(_ reason: FailureReason) {
        for index in transfers.indices where !transfers[index].isOver {
            transfers[index].stage = .failed(reason)
        }
    }

    func checkInvariants() {
        sourcing.checkInvariants()
        inventory.checkInvariants()
    }
}
