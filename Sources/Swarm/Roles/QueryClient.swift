package import Vocabulary
package import Wire

/// A peer that only asks: it lists what it owns, asks for one name after the other, and notes how
/// long each answer took.
///
///     joining → asking → done → over
///
/// It is over when the tracker has ended the job or fallen silent. Invariant: at most one query is
/// open.
package struct QueryClient: Sendable {
    package enum Stage: Equatable, Sendable {
        case joining, asking, done, over
    }

    package private(set) var stage = Stage.joining
    /// The tracker fell silent, so no rank learns the answers.
    package private(set) var isAbandoned = false
    package private(set) var answers: [ReportEntry] = []
    private let rules: DownloaderRules
    private let rank: Rank
    private let share: Share
    private let names: [RelativePath]
    private var askedAt = Tick.zero
    private var heardAt: Tick
    private var nextAlive: Tick

    package init(
        rules: DownloaderRules, rank: Rank, share: Share, names: [RelativePath], now: Tick,
        effects: inout Effects<QueryEffect>
    ) {
        self.rules = rules
        self.rank = rank
        self.share = share
        self.names = names
        heardAt = now
        nextAlive = now + rules.aliveInterval
        report(.join, &effects)
        effects.append(.wake(at: nextAlive))
    }

    private func report(
        _ message: TrackerMessage, tail: Tail = .none,
        _ effects: inout Effects<QueryEffect>
    ) {
        effects.append(.send(.tracker(message), tail, to: rules.tracker))
    }

    package mutating func received(
        _ message: Message, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<QueryEffect>
    ) throws(WireError) {
        guard source == rules.tracker else { return }
        heardAt = now
        switch message {
        case .download(.fileListRequest): sendList(&effects)
        case .download(.joinAck):
            guard stage == .joining else { return }
            stage = .asking
            askNext(now: now, &effects)
        case .download(.swarm(_, let want, let seeds, let peers)):
            var cursor = 0
            let members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
            answered(want, found: members.seeds.count, now: now, &effects)
        case .download(.swarmUnknown(let want)):
            answered(want, found: 0, now: now, &effects)
        case .download, .upload, .tracker, .overlay: break
        }
    }

    private func sendList(_ effects: inout Effects<QueryEffect>) {
        if let refusal = share.refusal {
            let words = effects.tail { $0 += refusal.utf8.prefix(Self.refusalMax) }
            return report(.prepared(.badInput), tail: words, &effects)
        }
        var pages = Pages<FileListEntry>()
        for file in share.owned {
            pages.append(
                .owned(
                    file.name, file.content, size: file.geometry.total,
                    pieces: UInt32(file.geometry.pieceCount), manifest: file.manifest))
        }
        send(&pages, &effects) { .fileList(page: $0, entries: $1, isLast: $2) }
    }

    private static let refusalMax = 2048

    private func send<Entry>(
        _ pages: inout Pages<Entry>, _ effects: inout Effects<QueryEffect>,
        _ message: (UInt32, UInt32, Bool) -> TrackerMessage
    ) {
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let tail = effects.tail { $0 += content.bytes }
            let isLast = page == pages.list.count - 1
            report(message(UInt32(page), content.entries, isLast), tail: tail, &effects)
        }
    }

    /// A tracker that learned more sends another answer: the first one counts.
    private mutating func answered(
        _ want: WantNumber, found: Int, now: Tick, _ effects: inout Effects<QueryEffect>
    ) {
        guard stage == .asking, want.position == answers.count else { return }
        answers.append(.answer(want, found: UInt32(found), took: now - askedAt))
        askNext(now: now, &effects)
    }

    private mutating func askNext(now: Tick, _ effects: inout Effects<QueryEffect>) {
        guard answers.count < names.count else {
            stage = .done
            return report(.allFilesCompleted(delivered: 0, failed: 0), &effects)
        }
        askedAt = now
        ask(&effects)
    }

    private func ask(_ effects: inout Effects<QueryEffect>) {
        let name = names[answers.count]
        let tail = effects.tail { $0 += name.utf8 }
        let want = WantNumber(UInt32(answers.count))
        report(
            .swarmRequest(.none, want: want, by: .name, needsManifest: false), tail: tail,
            &effects)
    }

    /// The tracker has ended the job.
    package mutating func end(effects: inout Effects<QueryEffect>) {
        guard stage != .over else { return }
        stage = .over
        var pages = Pages<ReportEntry>()
        pages.append(.totals(ReportTotals()))
        for answer in answers { pages.append(answer) }
        send(&pages, &effects) {
            .report(page: $0, entries: $1, isLast: $2, isFinal: true)
        }
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<QueryEffect>) {
        guard stage != .over else { return }
        if now - heardAt >= rules.lease * 2 {
            stage = .over
            isAbandoned = true
            return
        }
        guard now >= nextAlive else { return effects.append(.wake(at: nextAlive)) }
        nextAlive = now + rules.aliveInterval
        report(stage == .joining ? .join : .alive, &effects)
        // A query that the tracker had no room for is sent again.
        if stage == .asking { ask(&effects) }
        effects.append(.wake(at: nextAlive))
    }
}

/// An action that a peer that only asks asks for.
package typealias QueryEffect = NetworkEffect<Never>
