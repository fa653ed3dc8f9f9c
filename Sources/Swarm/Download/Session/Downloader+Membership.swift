import Vocabulary
import Wire

/// The passage through the swarm: list, admission, last report.
extension Downloader {
    mutating func sendList(_ effects: inout Effects<DownloaderEffect>) {
        guard stage != .leaving, stage != .away else { return }
        if stage == .joining { stage = .waiting }
        if let refusal = share.refusal {
            let tail = effects.tail { $0.append(contentsOf: refusal.utf8.prefix(Self.refusalMax)) }
            return effects.append(
                .send(.tracker(.prepared(.badInput)), tail, to: rules.tracker))
        }
        var pages = Pages<FileListEntry>()
        for file in share.owned where !withdrawn.contains(file.content) {
            pages.append(
                .owned(
                    file.name, file.content, size: file.geometry.total,
                    pieces: UInt32(file.geometry.pieceCount), manifest: file.manifest))
        }
        for file in share.described {
            pages.append(
                .described(
                    file.name, file.content, size: file.geometry.total,
                    pieces: UInt32(file.geometry.pieceCount), manifest: file.manifest))
        }
        for file in share.reading { pages.append(.reading(file.name, size: file.size)) }
        for entry in learnt { pages.append(entry) }
        if !rules.isLive { for name in share.wants { pages.append(.wanted(name)) } }
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.fileList(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1)
            let tail = effects.tail { $0.append(contentsOf: content.bytes) }
            effects.append(.send(.tracker(message), tail, to: rules.tracker))
        }
        if desk.hasLooked { sendLooked(&effects) }
    }

    private static let refusalMax = 2048

    /// It fails here alone, or is not quite what was wished, and everybody may read why.
    func tell(
        _ readiness: Readiness, _ words: String, _ effects: inout Effects<DownloaderEffect>
    ) {
        let tail = effects.tail { $0 += words.utf8.prefix(Self.refusalMax) }
        effects.append(.send(.tracker(.prepared(readiness)), tail, to: rules.tracker))
    }

    mutating func admitted(peers: Int, now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage != .leaving, stage != .away else { return }
        guard stage == .waiting else { return readmitted(&effects) }
        stage = .running
        isReviewDue = true
        peerCount = max(1, peers)
        chronicle.begin(now: now)
        greet(&effects)
        if rules.isLive { welcomed(&effects) }
        startTransfers(effects: &effects)
    }

    /// The tracker had lost us and deleted what it knew: it is told again.
    private mutating func readmitted(_ effects: inout Effects<DownloaderEffect>) {
        branches.readmissions += 1
        tellTransfers(&effects)
        if rules.isLive { askListsAgain(&effects) }
        if stage == .done { wantsAreOver(&effects) }
    }

    /// What was wanted and is here, or on its way.
    mutating func tellTransfers(_ effects: inout Effects<DownloaderEffect>) {
        if let trouble { tell(.notReady, trouble, &effects) }
        for file in fetched {
            effects.append(
                .send(.tracker(.fileCompleted(file.content)), .none, to: rules.tracker))
        }
        for (index, transfer) in transfers.enumerated() {
            guard case .want = transfer.purpose, let content = transfer.content else { continue }
            if !transfer.isOver { tellNeed(index, &effects) }
            defer { tellSeal(index, &effects) }
            switch transfer.stage {
            case .finishing, .done:
                guard !withdrawn.contains(content) else { continue }
                // A rank that keeps no copy may hold nothing, and only be able to read.
                let isSeed = transfer.have.isFull
                if !isSeed { tellRole(index, &effects) }
                effects.append(
                    .send(
                        .tracker(isSeed ? .fileCompleted(content) : .gaveUp(content)), .none,
                        to: rules.tracker))
            case .fetching, .proving:
                askSwarm(index, &effects)
                tellRole(index, &effects)
            // It is a member before it has opened, and reports its role.
            case .opening: askSwarm(index, &effects)
            case .idle, .asked, .sharing, .failed: break
            }
        }
    }

    /// Nothing more is wanted, or can be had.
    mutating func wantsAreOver(_ effects: inout Effects<DownloaderEffect>) {
        stage = .done
        let failed = totals.wanted - totals.delivered
        let message = TrackerMessage.allFilesCompleted(
            delivered: totals.delivered, failed: failed)
        effects.append(.send(.tracker(message), .none, to: rules.tracker))
        guard rules.leavesWhenDone else { return }
        askOnceMore(&effects)
        effects.append(.tell(.ready))
    }

    /// Whoever has all it wanted leaves, if that is how it is here.
    mutating func part(_ effects: inout Effects<DownloaderEffect>) {
        guard rules.leavesWhenDone, stage == .done else { return }
        stage = .leaving
        sendLastReport(&effects)
        effects.append(.tell(.leaving))
        effects.append(.send(.tracker(.leave), .none, to: rules.tracker))
    }

    /// The tracker has forgotten us, as we asked.
    mutating func released(from source: Rank, _ effects: inout Effects<DownloaderEffect>) {
        guard stage == .leaving, source == rules.tracker else { return }
        guard !rules.isLive else { return hasLeft(&effects) }
        stage = .over
        effects.append(.ended)
    }

    /// The tracker is silent, and there is nothing to finish or to serve.
    mutating func abandon(_ effects: inout Effects<DownloaderEffect>) {
        fail(reason: .trackerLost)
        effects.append(.tell(.leaving))
        isAbandoned = true
        stage = .over
        effects.append(.ended)
    }

    /// The job is over. Other ranks may have taken much longer than this one, and what it finished
    /// may have been moved away meanwhile.
    mutating func stop(_ effects: inout Effects<DownloaderEffect>) {
        guard rules.looksAgain, totals.delivered > 0 else { return leave(&effects) }
        effects.append(.lookAgain)
    }

    mutating func leave(_ effects: inout Effects<DownloaderEffect>) {
        guard stage != .over else { return }
        fail(reason: .ended)
        if stage != .leaving { sendLastReport(&effects) }
        stage = .over
        effects.append(.ended)
    }

    private mutating func fail(reason: FailureReason) {
        for index in transfers.indices where !transfers[index].isOver {
            transfers[index].stage = .failed(reason)
        }
    }

    /// The sums so far; the last report tells the rest.
    func sendProgress(_ effects: inout Effects<DownloaderEffect>) {
        let entries: [ReportEntry] = [.totals(totals), .manifests(manifestTotals)]
        let tail = effects.tail { bytes in
            for entry in entries { entry.write(to: &bytes) }
        }
        let message = TrackerMessage.report(
            page: 0, entries: UInt32(entries.count), isLast: true, isFinal: false)
        effects.append(.send(.tracker(message), tail, to: rules.tracker))
    }

    func sendLastReport(_ effects: inout Effects<DownloaderEffect>) {
        var pages = Pages<ReportEntry>()
        pages.append(.totals(totals))
        pages.append(.manifests(manifestTotals))
        for transfer in transfers {
            guard case .want(let want) = transfer.purpose else { continue }
            if case .failed(let reason) = transfer.stage {
                pages.append(.failure(share.wants[want.position], reason))
            }
            for source in transfer.sources where source.piecesGiven > 0 {
                pages.append(
                    .link(
                        want, source: source.rank, pieces: UInt32(source.piecesGiven),
                        size: source.bytesGiven))
            }
        }
        for entry in chronicle.entries { pages.append(entry) }
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.report(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1, isFinal: true)
            let tail = effects.tail { $0.append(contentsOf: content.bytes) }
            effects.append(.send(.tracker(message), tail, to: rules.tracker))
        }
    }
}
