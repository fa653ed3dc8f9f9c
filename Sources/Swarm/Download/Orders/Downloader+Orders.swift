import Vocabulary
import Wire

/// What users and watched folders tell us while the job runs.
extension Downloader {
    mutating func ordered(
        _ order: LiveOrder, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        switch order {
        case .share(let files): shared(files, &effects)
        case .renew(let file): renewed(file, &effects)
        case .unshare(let files): unshared(files, &effects)
        case .reading(let files): reads(files, &effects)
        case .notReading(let names): doesNotRead(names, &effects)
        case .looked:
            desk.hasLooked = true
            if stage == .waiting || stage == .running { sendLooked(&effects) }
        case .get(let order): begin(order, &effects)
        case .catalog(let ticket):
            guard mayAsk(ticket, &effects) else { return }
            desk.catalog.waiting.append(ticket)
            askLists(&effects)
        case .roll(let ticket, let content):
            guard mayAsk(ticket, &effects) else { return }
            desk.rolls.append((content, ticket))
            askLists(&effects)
        case .holding(let ticket, let content, let source):
            guard mayAsk(ticket, &effects) else { return }
            askHolding(ticket, of: content, at: source, &effects)
        case .warn(let words):
            if !isAway { tell(.warned, words, &effects) }
        case .status(let ticket):
            effects.append(.report(.status(ticket, statuses)))
        case .join(let ticket): rejoin(ticket, &effects)
        case .leave(let ticket): goAway(ticket, &effects)
        case .shutdown:
            desk.isEndWanted = true
            effects.append(.send(.tracker(.shutdown), .none, to: rules.tracker))
        }
    }

    /// The tracker that was asked may be gone.
    func askForEndAgain(_ effects: inout Effects<DownloaderEffect>) {
        guard desk.isEndWanted, rules.trackers.count > 1 else { return }
        effects.append(.send(.tracker(.shutdown), .none, to: rules.tracker))
    }

    private var isAway: Bool { stage == .leaving || stage == .away || stage == .over }

    private func mayAsk(
        _ ticket: OrderTicket, _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        if isAway { effects.append(.report(.failed(ticket, .left))) }
        return !isAway
    }

    private mutating func shared(
        _ files: [Share.Owned], _ effects: inout Effects<DownloaderEffect>
    ) {
        share.owned += files
        if !share.reading.isEmpty {
            let names = files.map(\.name)
            share.reading.removeAll { names.contains($0.name) }
        }
        var pages = Pages<FileListEntry>()
        for file in files {
            withdrawn.removeAll { $0 == file.content }
            pages.append(
                .owned(
                    file.name, file.content, size: file.geometry.total,
                    pieces: UInt32(file.geometry.pieceCount), manifest: file.manifest))
            let held = PieceSet(all: file.geometry.pieceCount)
            effects.append(.tell(.contentOpened(file.content, file.geometry, held: held)))
        }
        sendUpdate(&pages, &effects)
    }

    private mutating func reads(
        _ files: [Share.Reading], _ effects: inout Effects<DownloaderEffect>
    ) {
        share.reading += files
        var pages = Pages<FileListEntry>()
        for file in files { pages.append(.reading(file.name, size: file.size)) }
        sendUpdate(&pages, &effects)
    }

    private mutating func doesNotRead(
        _ names: [RelativePath], _ effects: inout Effects<DownloaderEffect>
    ) {
        share.reading.removeAll { names.contains($0.name) }
        var pages = Pages<FileListEntry>()
        for name in names { pages.append(.notReading(name)) }
        sendUpdate(&pages, &effects)
    }

    /// After all that was found, so that the tracker knows it.
    func sendLooked(_ effects: inout Effects<DownloaderEffect>) {
        effects.append(.send(.tracker(.looked), .none, to: rules.tracker))
    }

    /// While it was not what it had been, somebody may have asked for a piece in vain.
    private mutating func renewed(
        _ file: Share.Owned, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard withdrawn.contains(file.content) else { return }
        share.owned.removeAll { $0.content == file.content && $0.name == file.name }
        shared([file], &effects)
    }

    /// All at once: somebody may remove a folder of tens of thousands.
    private mutating func unshared(
        _ files: [Share.Gone], _ effects: inout Effects<DownloaderEffect>
    ) {
        let pairs = Set(files)
        let isGone = { (file: Share.Owned) in
            pairs.contains(Share.Gone(name: file.name, content: file.content))
        }
        let gone = share.owned.filter(isGone)
        guard !gone.isEmpty else { return }
        share.owned.removeAll(where: isGone)
        // The same bytes may lie here under another name.
        var left = Set(gone.map(\.content))
        for file in share.owned { left.remove(file.content) }
        forgetFetched { left.contains($0) }
        var pages = Pages<FileListEntry>()
        for file in gone {
            pages.append(.gone(file.name, file.content))
            guard left.remove(file.content) != nil else { continue }
            effects.append(.tell(.contentGone(file.content)))
            if let nested = file.manifest.nestedContent {
                effects.append(.tell(.contentGone(nested)))
            }
        }
        sendUpdate(&pages, &effects)
    }

    /// Who has not sent his list will have it in there.
    private func sendUpdate(
        _ pages: inout Pages<FileListEntry>, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard stage == .waiting || stage == .running else { return }
        sendPages(&pages, &effects)
    }

    func sendPages(
        _ pages: inout Pages<FileListEntry>, _ effects: inout Effects<DownloaderEffect>
    ) {
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.fileListUpdate(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1)
            let tail = effects.tail { $0 += content.bytes }
            effects.append(.send(.tracker(message), tail, to: rules.tracker))
        }
    }

    /// It lay in a shared folder, and is there no more: it is not to be told of again.
    private mutating func forgetFetched(where isGone: (ContentID) -> Bool) {
        fetched.removeAll { isGone($0.content) }
        for transfer in transfers where transfer.stage == .finishing || transfer.stage == .done {
            guard let content = transfer.content, isGone(content),
                !withdrawn.contains(content)
            else { continue }
            withdrawn.append(content)
        }
    }

    /// One transfer for each order, in the place of an earlier one that nobody speaks of any more.
    private mutating func begin(_ order: GetOrder, _ effects: inout Effects<DownloaderEffect>) {
        guard !isAway else { return effects.append(.report(.failed(order.ticket, .left))) }
        let index = freePlace() ?? transfers.count
        let want = WantNumber(UInt32(index))
        var transfer = Transfer(purpose: .want(want))
        transfer.order = order
        if index < transfers.count {
            retire(index)
            transfers[index] = transfer
            share.wants[index] = order.name
        } else {
            transfers.append(transfer)
            share.wants.append(order.name)
        }
        totals.wanted += 1
        isReviewDue = true
    }

    /// It is known now what the want stands for.
    mutating func identified(
        _ index: Int, as content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].content = content
        guard let ticket = transfers[index].order?.ticket,
            case .want(let want) = transfers[index].purpose
        else { return }
        effects.append(.aim(want, of: content, at: ticket))
    }

    private func freePlace() -> Int? {
        transfers.indices.first { index in
            transfers[index].isOver && transfers[index].answersDue == 0
                && !requests.contains { $0.transfer == index }
                && !transfers.contains {
                    !$0.isOver
                        && ($0.purpose == .manifest(of: index) || $0.stage == .sharing(with: index))
                }
        }
    }

    private mutating func retire(_ index: Int) {
        guard let content = transfers[index].content else { return }
        if transfers[index].stage == .done, case .want = transfers[index].purpose,
            !fetched.contains(where: { $0.content == content }), !withdrawn.contains(content)
        {
            let pieceCount = transfers[index].geometry?.pieceCount ?? 0
            let name = share.wants[index]
            fetched.append(FetchedContent(name: name, content: content, pieceCount: pieceCount))
        }
        if transferOfContent[content] == index { transferOfContent[content] = nil }
    }

    /// What is fetched again may not be here any more.
    mutating func forgetEarlier(
        _ content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard rules.isLive else { return }
        withdrawn.removeAll { $0 == content }
        share.described.removeAll { $0.content == content }
        let known = fetched.count
        fetched.removeAll { $0.content == content }
        // The same bytes under another name are served all the time.
        let isOwned = share.owned.contains { $0.content == content }
        if !isOwned, transferOfContent[content] != nil || fetched.count < known {
            effects.append(.tell(.contentGone(content)))
        }
    }

    func maySend(_ index: Int, _ member: Rank) -> Bool {
        var outer = index
        if case .manifest(of: let parent) = transfers[index].purpose { outer = parent }
        guard let source = transfers[outer].order?.source else { return true }
        return source == member
    }

    /// Counts an answer of the tracker. False where nobody waits for it.
    mutating func isExpected(_ index: Int) -> Bool {
        if transfers[index].answersDue > 0 { transfers[index].answersDue -= 1 }
        return !transfers[index].isOver
    }

    func tellDelivered(_ want: WantNumber, _ effects: inout Effects<DownloaderEffect>) {
        guard let ticket = transfers[want.position].order?.ticket,
            let content = transfers[want.position].content
        else { return }
        effects.append(.report(.delivered(ticket, content)))
    }

    private var statuses: [TransferStatus] {
        transfers.enumerated().compactMap { index, transfer in
            guard let ticket = transfer.order?.ticket, !transfer.isOver else { return nil }
            let total = transfer.geometry?.total.raw ?? 0
            let length = transfer.geometry?.pieceLength.raw ?? 0
            return TransferStatus(
                ticket: ticket, name: share.wants[index], content: transfer.content,
                held: ByteCount(min(total, Int64(transfer.have.count) * length)),
                size: ByteCount(total),
                sources: transfer.sources.count { $0.stance != .choked })
        }
    }

    /// Whether something may happen at any moment.
    package var isExpecting: Bool {
        guard rules.isLive else { return stage == .running }
        return desk.catalog.isAsking || desk.roll.isAsking || stage == .joining
            || stage == .waiting || stage == .leaving || transfers.contains { !$0.isOver }
    }
}

extension Transfer {
    /// What the user named by its number.
    var chosenContent: ContentID? {
        guard case .content(let content) = order?.choice else { return nil }
        return content
    }
}
