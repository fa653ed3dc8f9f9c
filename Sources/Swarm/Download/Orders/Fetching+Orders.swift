import Vocabulary
import Wire

/// Handles orders of users, and the reports that a tracker needs when this rank joins it.
extension Fetching {
    /// Begins a transfer for an order, in the place of an earlier one that is no longer needed.
    mutating func begin(_ order: GetOrder) {
        let index = freePlace
        if let index { retire(index) }
        transfers.begin(order, at: index)
        journal.totals.wanted += 1
        completion.isReviewDue = true
    }

    private var freePlace: TransferIndex? {
        transfers.indices.first { index in
            transfers[index].isOver && transfers[index].inquiry.answersDue == 0
                && !exchange.requests.has(index) && !transfers.isAwaited(index)
                && !transfers.isBeingNamed(index)
        }
    }

    private mutating func retire(_ index: TransferIndex) {
        guard let content = transfers[index].content else { return }
        if transfers[index].stage == .done, case .want(let want) = transfers[index].purpose {
            let pieceCount = transfers[index].geometry?.pieceCount ?? 0
            inventory.retire(
                FetchedContent(
                    name: transfers.name(of: want), content: content, pieceCount: pieceCount))
        }
        transfers.unbind(content, from: index)
    }

    /// Stops sharing files; returns nil if none of them was shared.
    mutating func unshare(
        _ files: [Share.Gone], _ effects: inout Effects<DownloaderEffect>
    ) -> Pages<FileListEntry>? {
        guard let (pages, gone) = inventory.unshare(files, &effects) else { return nil }
        // The files lay in a shared folder and are gone, so fetched copies must not be listed
        // again.
        for transfer in transfers.rows where transfer.stage == .finishing || transfer.stage == .done
        {
            guard let content = transfer.content, gone.contains(content) else { continue }
            _ = inventory.withdraw(content)
        }
        return pages
    }

    // MARK: For a tracker

    func reportList(_ effects: inout Effects<DownloaderEffect>) {
        var pages = Pages<FileListEntry>()
        inventory.list(completion.learnt, into: &pages)
        if !rules.kind.isStanding { for name in transfers.wants { pages.append(.wanted(name)) } }
        journal.reportList(pages, &effects)
    }

    /// Introduces this rank if it owns everything: it never asks for pieces, so others would learn
    /// of it only when they ask.
    func greet(_ effects: inout Effects<DownloaderEffect>) {
        for member in rules.greets where member != rank {
            journal.tell(.met(member), &effects)
            for own in inventory.owned {
                effects.query(
                    PieceSet(all: own.geometry.pieceCount), own.content, at: member)
            }
        }
    }

    /// Reports wants that are complete, or under way.
    mutating func reportTransfers(_ effects: inout Effects<DownloaderEffect>) {
        journal.repeatTrouble(&effects)
        for file in inventory.fetched { journal.report(.fileCompleted(file.content), &effects) }
        for index in transfers.indices where transfers[index].isFile {
            guard let content = transfers[index].content else { continue }
            if !transfers[index].isOver { transfers[index].reportNeed(journal, &effects) }
            report(index, content, &effects)
        }
    }

    private mutating func report(
        _ index: TransferIndex, _ content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        defer {
            transfers[index].reportSeal(
                rank, toHeir: journal.isHeirTracking, journal, &effects)
        }
        switch transfers[index].stage {
        case .finishing, .done:
            guard !inventory.isWithdrawn(content) else {
                return journal.report(.gaveUp(content), &effects)
            }
            // A rank that keeps no copy may hold no piece, and only be able to read the source.
            let isSeed = transfers[index].board.have.isFull
            if !isSeed { transfers[index].reportRole(rank, journal, &effects) }
            journal.report(isSeed ? .fileCompleted(content) : .gaveUp(content), &effects)
        case .fetching, .proving:
            sourcing.askSwarm(index, &effects)
            transfers[index].reportRole(rank, journal, &effects)
        // The rank is a member before it has opened the content and reports its role.
        case .opening: sourcing.askSwarm(index, &effects)
        // The list of this rank has the content as wanted, so the others would wait for it.
        case .failed: if !isUnderWay(content) { journal.report(.gaveUp(content), &effects) }
        case .idle, .asked, .sharing: break
        }
    }

    private func isUnderWay(_ content: ContentID) -> Bool {
        transfers.indices.contains { transfers[$0].content == content && !transfers[$0].isOver }
    }

    /// Reviews the wants while no tracker answers: those that can no longer be found fail at once,
    /// and others when nothing has arrived for longer than pieces take.
    mutating func endure(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        let isStarved = now - journal.fedAt >= solitudePatience
        for index in transfers.indices {
            switch transfers[index].stage {
            // No other rank knows the members of the swarm.
            case .asked: completion.fail(index, .trackerLost, &effects)
            case .idle where ownWanted(index) == nil: completion.fail(index, .trackerLost, &effects)
            case .opening, .fetching, .proving:
                if isStarved { completion.fail(index, .trackerLost, &effects) }
            case .idle, .sharing, .finishing, .done, .failed: break
            }
        }
    }

    /// The time without a piece after which a want fails: on slow links a piece may take longer
    /// than a lease.
    private var solitudePatience: Duration {
        var longest = rules.lease * 2
        for transfer in transfers.rows where !transfer.isOver {
            longest = max(
                longest,
                transfer.pace.timing.latest(times: 4)
                    ?? exchange.patience.firstPiece(pieceLength: transfer.pieceLength))
        }
        return longest
    }
}

extension TransferTable {
    /// The progress of the orders that are not over.
    var statuses: [TransferStatus] {
        zip(rows, wants).compactMap { transfer, name in
            guard let ticket = transfer.order?.ticket, !transfer.isOver else { return nil }
            let total = transfer.geometry?.total.raw ?? 0
            return TransferStatus(
                ticket: ticket, name: name, content: transfer.content,
                held: ByteCount(
                    min(total, Int64(transfer.board.have.count) * transfer.pieceLength)),
                size: ByteCount(total),
                sources: transfer.sources.list.count { $0.stance != .choked })
        }
    }
}

extension Transfer {
    /// The content that the user chose by its ID.
    var chosenContent: ContentID? {
        guard case .content(let content) = order?.choice else { return nil }
        return content
    }
}
