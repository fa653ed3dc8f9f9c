import Vocabulary
import Wire

/// Joining and leaving as users like, and the tracker's answers to what users ask.
extension Downloader {
    /// Says whether it was an answer to an order.
    mutating func answered(
        _ message: DownloadMessage, _ tail: RawSpan, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Bool {
        switch message {
        case .catalog(let from, let count, let isLast):
            guard desk.catalog.isAsking, Int(from) == desk.catalog.entries.count else {
                return true
            }
            desk.catalog.take(try CatalogEntry.reading(tail, count: count))
            guard isLast || count == 0 else {
                let next = TrackerMessage.catalogRequest(from: from + count)
                effects.append(.send(.tracker(next), .none, to: rules.tracker))
                return true
            }
            let (tickets, entries) = desk.catalog.end()
            // What was there once and is nowhere now stays in the tracker's books.
            let alive = entries.filter { $0.seeds + $0.peers > 0 }
            for ticket in tickets { effects.append(.report(.catalog(ticket, alive))) }
            askLists(&effects)
        case .roll(let from, let count, let isLast):
            guard desk.roll.isAsking, Int(from) == desk.roll.entries.count else { return true }
            desk.roll.take(try RollEntry.reading(tail, count: count))
            guard isLast || count == 0 else {
                let next = TrackerMessage.rollRequest(of: desk.rollTopic, from: from + count)
                effects.append(.send(.tracker(next), .none, to: rules.tracker))
                return true
            }
            let (tickets, entries) = desk.roll.end()
            for ticket in tickets { effects.append(.report(.roll(ticket, entries))) }
            askLists(&effects)
        case .withdrawn(let content):
            guard let index = transferOfContent[content] else { return true }
            guard !transfers[index].isOver else { return true }
            failTransfer(index, .withdrawn, &effects)
            effects.append(.tell(.contentGone(content)))
            effects.append(.forsake(content))
        default: return false
        }
        return true
    }

    mutating func askLists(_ effects: inout Effects<DownloaderEffect>) {
        guard stage == .running else { return }
        if desk.catalog.begin() {
            effects.append(
                .send(.tracker(.catalogRequest(from: 0)), .none, to: rules.tracker))
        }
        if desk.beginRoll() {
            let message = TrackerMessage.rollRequest(of: desk.rollTopic, from: 0)
            effects.append(.send(.tracker(message), .none, to: rules.tracker))
        }
    }

    /// Another tracker knows nothing of what the last one was asked.
    mutating func askListsAgain(_ effects: inout Effects<DownloaderEffect>) {
        guard stage == .running else { return }
        if desk.catalog.isAsking {
            desk.catalog.restart()
            effects.append(
                .send(.tracker(.catalogRequest(from: 0)), .none, to: rules.tracker))
        }
        if desk.roll.isAsking {
            desk.roll.restart()
            let message = TrackerMessage.rollRequest(of: desk.rollTopic, from: 0)
            effects.append(.send(.tracker(message), .none, to: rules.tracker))
        }
        askLists(&effects)
    }

    /// What is fetched is known to one tracker, and another may have to be told what it is.
    mutating func keep(_ manifest: Descriptor, of content: ContentID) {
        let mayMove = rules.isLive ? rules.trackers.count > 1 : !rules.heirs.isEmpty
        if mayMove { manifests[content] = manifest }
    }

    /// What this rank has learnt of contents that it does not own, for an heir: it knows nothing.
    var learnt: [FileListEntry] {
        guard mayInform else { return [] }
        return transfers.indices.compactMap { description(of: $0) ?? announcement(of: $0) }
    }

    /// Whether the tracker is an heir, which knows of a content only what peers report.
    private var mayInform: Bool { !rules.isLive && succession.isHeir(rules.tracker) }

    private func description(of index: Int) -> FileListEntry? {
        let transfer = transfers[index]
        guard case .want(let want) = transfer.purpose, let content = transfer.content,
            let manifest = manifests[content], let geometry = transfer.geometry
        else { return nil }
        return .described(
            share.wants[want.position], content, size: geometry.total,
            pieces: UInt32(geometry.pieceCount), manifest: manifest)
    }

    /// How long it is stands in the manifest, which the store has not read yet: the heir must not
    /// take the name for unknown meanwhile. A manifest that is fetched itself may never come.
    private func announcement(of index: Int) -> FileListEntry? {
        let transfer = transfers[index]
        guard case .want(let want) = transfer.purpose, transfer.stage == .opening,
            let content = transfer.content, let manifest = manifests[content],
            manifest.nestedContent == nil
        else { return nil }
        return .reading(share.wants[want.position], size: .zero)
    }

    /// The store has read the manifest. This rank may be the first to describe the content, and
    /// becomes a member of its swarm before it reports its role there.
    mutating func informHeir(of index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard mayInform, let entry = description(of: index) else { return }
        sendEntry(entry, &effects)
        askSwarm(index, &effects)
    }

    /// It fails before the store has read the manifest: the heir has nothing to wait for.
    mutating func disappointHeir(of index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard mayInform, announcement(of: index) != nil,
            case .want(let want) = transfers[index].purpose
        else { return }
        sendEntry(.notReading(share.wants[want.position]), &effects)
    }

    private func sendEntry(_ entry: FileListEntry, _ effects: inout Effects<DownloaderEffect>) {
        var pages = Pages<FileListEntry>()
        pages.append(entry)
        sendPages(&pages, &effects)
    }

    mutating func describe(_ content: ContentID, as want: WantNumber) {
        guard let manifest = manifests.removeValue(forKey: content),
            let geometry = transfers[want.position].geometry
        else { return }
        share.described.removeAll { $0.content == content }
        share.described.append(
            Share.Owned(
                name: share.wants[want.position], content: content, geometry: geometry,
                manifest: manifest))
    }

    /// In, for the first time or again.
    mutating func welcomed(_ effects: inout Effects<DownloaderEffect>) {
        for ticket in desk.joining { effects.append(.report(.done(ticket))) }
        desk.joining = []
        tellTransfers(&effects)
        askLists(&effects)
    }

    mutating func rejoin(_ ticket: OrderTicket, _ effects: inout Effects<DownloaderEffect>) {
        switch stage {
        case .running, .done: effects.append(.report(.done(ticket)))
        case .joining, .waiting: desk.joining.append(ticket)
        case .leaving, .over: effects.append(.report(.failed(ticket, .left)))
        case .away:
            desk.joining.append(ticket)
            stage = .joining
            effects.append(.tell(.back))
            effects.append(.send(.tracker(.join), .none, to: rules.tracker))
        }
    }

    /// The tracker is to forget us: nothing is served or fetched until we come again.
    mutating func goAway(_ ticket: OrderTicket, _ effects: inout Effects<DownloaderEffect>) {
        switch stage {
        case .away: effects.append(.report(.done(ticket)))
        case .over: effects.append(.report(.failed(ticket, .left)))
        case .leaving: desk.leaving.append(ticket)
        case .joining, .waiting, .running, .done:
            desk.leaving.append(ticket)
            for index in transfers.indices { failTransfer(index, .left, &effects) }
            let unanswered =
                desk.catalog.drop() + desk.dropRolls() + desk.dropHoldings() + desk.joining
            desk.joining = []
            for ticket in unanswered { effects.append(.report(.failed(ticket, .left))) }
            stage = .leaving
            effects.append(.tell(.away))
            effects.append(.send(.tracker(.leave), .none, to: rules.tracker))
        }
    }

    mutating func hasLeft(_ effects: inout Effects<DownloaderEffect>) {
        stage = .away
        for ticket in desk.leaving { effects.append(.report(.done(ticket))) }
        desk.leaving = []
    }
}
