import Vocabulary
import Wire

/// Handles orders of users and watched folders while the job runs.
extension Downloader {
    mutating func ordered(
        _ order: LiveOrder, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        switch order {
        case .share(let files): update(fetching.inventory.share(files, &effects), &effects)
        case .renew(let file):
            guard let pages = fetching.inventory.renew(file, &effects) else { return }
            update(pages, &effects)
        case .unshare(let files):
            guard let pages = fetching.unshare(files, &effects) else { return }
            update(pages, &effects)
        case .describe(let files): update(fetching.inventory.describe(files, &effects), &effects)
        case .reading(let files): update(fetching.inventory.reads(files), &effects)
        case .notReading(let names): update(fetching.inventory.doesNotRead(names), &effects)
        case .looked:
            orders.hasLooked = true
            if session.isListed { sendLooked(&effects) }
        case .get(let order):
            guard mayAsk(order.ticket, &effects) else { return }
            fetching.begin(order)
        case .catalog(let ticket):
            guard mayAsk(ticket, &effects) else { return }
            orders.wantsCatalog(ticket)
            askLists(&effects)
        case .roll(let ticket, let content):
            guard mayAsk(ticket, &effects) else { return }
            orders.wantsRoll(ticket, of: content)
            askLists(&effects)
        case .holding(let ticket, let content, let source):
            guard mayAsk(ticket, &effects) else { return }
            orders.askHolding(ticket, of: content, at: source, &effects)
        case .warn(let words):
            if !session.isAway { fetching.journal.announce(.warned, words, &effects) }
        case .status(let ticket):
            effects.append(.report(.status(ticket, fetching.transfers.statuses)))
        case .join(let ticket): rejoin(ticket, &effects)
        case .leave(let ticket): goAway(ticket, &effects)
        case .shutdown:
            orders.isEndWanted = true
            fetching.journal.report(.shutdown, &effects)
        }
    }

    /// Reports a change of the file list. A rank that has not sent its list yet includes the change
    /// there.
    private func update(
        _ pages: Pages<FileListEntry>, _ effects: inout Effects<DownloaderEffect>
    ) {
        if session.isListed { fetching.journal.reportUpdate(pages, &effects) }
    }

    /// Repeats the request to end the job: the tracker that received it may be gone.
    func askForEndAgain(_ effects: inout Effects<DownloaderEffect>) {
        guard orders.isEndWanted, rules.trackers.count > 1 else { return }
        fetching.journal.report(.shutdown, &effects)
    }

    private func mayAsk(
        _ ticket: OrderTicket, _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        if session.isAway { effects.append(.report(.failed(ticket, .left))) }
        return !session.isAway
    }

    mutating func askLists(_ effects: inout Effects<DownloaderEffect>) {
        if stage == .running { orders.askLists(fetching.journal, &effects) }
    }

    private mutating func rejoin(
        _ ticket: OrderTicket, _ effects: inout Effects<DownloaderEffect>
    ) {
        switch stage {
        case .running, .done: effects.append(.report(.done(ticket)))
        case .joining, .waiting: orders.wantsIn(ticket)
        case .leaving, .over: effects.append(.report(.failed(ticket, .left)))
        case .away:
            orders.wantsIn(ticket)
            session.stage = .joining
            effects.append(.tell(.back))
            fetching.journal.report(.join, &effects)
        }
    }

    /// Leaves the job: this rank serves and fetches nothing until it comes back.
    private mutating func goAway(
        _ ticket: OrderTicket, _ effects: inout Effects<DownloaderEffect>
    ) {
        switch stage {
        case .away: effects.append(.report(.done(ticket)))
        case .over: effects.append(.report(.failed(ticket, .left)))
        case .leaving: orders.wantsOut(ticket)
        case .joining, .waiting, .running, .done:
            orders.wantsOut(ticket)
            for index in fetching.transfers.indices {
                fetching.completion.fail(index, .left, &effects)
            }
            orders.leaves(&effects)
            session.stage = .leaving
            effects.append(.tell(.away))
            fetching.journal.report(.leave, &effects)
        }
    }

    /// Whether an answer or a piece may come at any moment.
    package var isExpecting: Bool {
        guard rules.kind.isStanding else { return stage == .running }
        return orders.isAsking || stage == .joining || stage == .waiting || stage == .leaving
            || !fetching.transfers.areOver
    }
}
