import Vocabulary
import Wire

/// The account of each peer of the job, kept by the root: its wants, and their outcomes.
extension Tracker {
    /// Whether this tracker is the root, whose accounts count.
    package var isRoot: Bool { groups?.isRoot ?? true }

    package var overlayCounts: OverlayCounts { overlay?.counts ?? OverlayCounts() }

    /// The query and hit messages of all trackers, as the root knows them when the job is over.
    package var overlayTraffic: (queries: Int, hits: Int) {
        guard let groups, let overlay else { return (0, 0) }
        return groups.rows.reduce((overlay.counts.queriesSent, overlay.counts.hitsSent)) {
            ($0.0 + $1.queries, $0.1 + $1.hits)
        }
    }

    /// The accounts of all peers of the job, in order; just `peers` where this is the only tracker.
    package var accounts: [PeerRow] {
        guard let groups else { return peers }
        return groups.accounts.map { account in
            guard let index = place(of: account.rank) else { return ended(account) }
            let own = peers[index]
            // A peer that has moved to another group counts as lost here.
            if own.stage == .lost, account.stage == .closed { return account }
            return own
        }
    }

    /// A peer that has not reported its end when the job is over is lost.
    private func ended(_ account: PeerRow) -> PeerRow {
        guard stage == .over, account.stage != .closed else { return account }
        var account = account
        account.stage = .lost
        return account
    }

    /// Forwards to the root what a peer reports, where it concerns the accounts of the job.
    func forwardToRoot(
        _ message: TrackerMessage, tail: RawSpan, of rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let groups, !groups.isRoot else { return }
        do throws(WireError) {
            switch message {
            // Sent whole: a tracker that becomes the root between two pages has not had the first.
            case .fileList(_, _, isLast: true):
                guard let index = place(of: rank), peers[index].isListed else { return }
                reportList(of: peers[index], &effects)
            case .prepared(let readiness) where readiness == .badInput || readiness == .notReady:
                let copy = try copied(tail, &effects)
                sendToRoot(.prepared(of: rank, readiness), tail: copy, &effects)
            case .report(let page, let entries, let isLast, let isFinal):
                let copy = try copied(tail, &effects)
                sendToRoot(
                    .report(of: rank, page: page, entries: entries, isLast: isLast && isFinal),
                    tail: copy, &effects)
            default: break
            }
        } catch { preconditionFailure("what was taken can be read again") }
    }

    private func copied(
        _ tail: RawSpan, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) -> Tail {
        let bytes = try tail.readBytes(tail.byteCount)
        return effects.tail { $0 += bytes }
    }

    /// Sends the root everything that was ever forwarded of a peer.
    func reportAccount(_ peer: PeerRow, _ effects: inout Effects<TrackerEffect>) {
        guard peer.isListed || peer.isGone else { return }
        reportNeeds(of: peer, &effects)
        reportList(of: peer, &effects)
        if !peer.refusal.isEmpty {
            let tail = effects.tail { $0 += peer.refusal.utf8 }
            sendToRoot(.prepared(of: peer.rank, .badInput), tail: tail, &effects)
        }
        if !peer.trouble.isEmpty {
            let tail = effects.tail { $0 += peer.trouble.utf8 }
            sendToRoot(.prepared(of: peer.rank, .notReady), tail: tail, &effects)
        }
        var report = Pages<ReportEntry>()
        report.append(.totals(peer.totals))
        report.append(.manifests(peer.manifestTotals))
        for entry in peer.failures + peer.links + peer.answers + peer.timeline {
            report.append(entry)
        }
        report.close()
        for (page, content) in report.list.enumerated() {
            let tail = effects.tail { $0 += content.bytes }
            let isLast = page == report.list.count - 1 && peer.stage == .closed
            sendToRoot(
                .report(
                    of: peer.rank, page: UInt32(page), entries: content.entries, isLast: isLast),
                tail: tail, &effects)
        }
        if peer.hasLooked { sendToRoot(.news(of: peer.rank, .looked), &effects) }
        if peer.stage == .lost { sendToRoot(.news(of: peer.rank, .lost), &effects) }
    }

    private func reportList(of peer: PeerRow, _ effects: inout Effects<TrackerEffect>) {
        var wants = Pages<FileListEntry>()
        for name in peer.wants { wants.append(.wanted(name)) }
        if rules.demandsAgreement {
            for entry in catalog.owned(by: peer.rank) { wants.append(entry) }
        }
        wants.close()
        for (page, content) in wants.list.enumerated() {
            let tail = effects.tail { $0 += content.bytes }
            let isLast = page == wants.list.count - 1
            sendToRoot(
                .list(
                    of: peer.rank, page: UInt32(page), entries: content.entries, isLast: isLast),
                tail: tail, &effects)
        }
    }

    mutating func reportedOfPeer(
        _ message: GroupMessage, _ tail: RawSpan, from tracker: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .list(let peer, let page, let count, let isLast):
            try listed(peer, tail, count, page: page, isLast: isLast, by: tracker)
        case .prepared(let peer, let readiness):
            try prepared(peer, readiness, tail, by: tracker, now: now)
        case .report(let peer, let page, let count, let isLast):
            guard let place = groups?.account(of: peer) else { throw .malformed }
            let entries = try ReportEntry.reading(tail, count: count)
            let left = groups?.accounts[place].addReport(
                entries, page: page, atMost: rules.entriesPerPeerMax)
            violations += left ?? 0
            groups?.reporters[place] = tracker
            if isLast { groups?.accounts[place].stage = .closed }
        case .news(let peer, let news): try changed(peer, news, by: tracker, &effects)
        case .disagreement(let count):
            var cursor = 0
            guard tail.byteCount >= Int(count) * 4, count > 0 else { throw .malformed }
            var owners: [Rank] = []
            for _ in 0..<count { owners.append(try tail.readRank(&cursor)) }
            let bytes = try tail.readBytes(tail.byteCount - cursor, &cursor)
            do throws(PathError) {
                dispute(try RelativePath(utf8: bytes), owners, &effects)
            } catch { throw .malformed }
        case .measured, .awaits, .room:
            try reportedOfRoom(message, tail, from: tracker, &effects)
        case .noted(let peer):
            guard let place = groups?.account(of: peer) else { throw .malformed }
            let bytes = try tail.readBytes(min(tail.byteCount, Self.refusalTextMax))
            guard groups?.accounts[place].warningCount ?? 0 < Self.warningsPerPeerMax else {
                return
            }
            groups?.accounts[place].warningCount += 1
            effects.append(.warn(.noted(peer, String(decoding: bytes, as: UTF8.self))))
        case .ready, .done, .jobOver, .working, .closed, .jobState, .jobClosed, .shutdown: break
        }
    }

    private mutating func listed(
        _ peer: Rank, _ tail: RawSpan, _ count: UInt32, page: UInt32, isLast: Bool,
        by tracker: Rank
    ) throws(WireError) {
        guard let place = groups?.account(of: peer) else { throw .malformed }
        let entries = try FileListEntry.reading(tail, count: count)
        // Two trackers may report one peer at once, and one of them may repeat it.
        guard page == 0 || page == groups?.accounts[place].nextPage else { return }
        if page == 0 { groups?.accounts[place].wants = [] }
        groups?.accounts[place].nextPage = page &+ 1
        for entry in entries {
            switch entry {
            case .wanted(let name):
                guard groups?.accounts[place].wants.count ?? 0 < rules.entriesPerPeerMax else {
                    violations += 1
                    continue
                }
                groups?.accounts[place].wants.append(name)
            // The root needs the contents of all owners where these have to agree.
            case .owned(let name, let content, let size, let pieces, let manifest):
                guard rules.demandsAgreement else { throw .malformed }
                var found = FoundSwarm(
                    name: name, size: size, pieces: pieces, lowestOwner: peer)
                found.manifest = manifest
                _ = catalog.learn(found, content, askedFor: nil)
            case .described, .host, .gone, .reading, .notReading: throw .malformed
            }
        }
        groups?.reporters[place] = tracker
        groups?.accounts[place].isListed = isLast
        groups?.accounts[place].stage = .listed
    }

    private mutating func prepared(
        _ peer: Rank, _ readiness: Readiness, _ tail: RawSpan, by tracker: Rank, now: Tick
    ) throws(WireError) {
        guard let place = groups?.account(of: peer) else { throw .malformed }
        let bytes = try tail.readBytes(min(tail.byteCount, Self.refusalTextMax))
        let text = String(decoding: bytes, as: UTF8.self)
        groups?.reporters[place] = tracker
        guard readiness == .badInput else {
            groups?.accounts[place].trouble = text
            return
        }
        guard stage == .gathering || rules.staysOpen && stage == .running else { return }
        groups?.accounts[place].refusal = text
        refusedSince = refusedSince ?? now
    }

    private mutating func changed(
        _ peer: Rank, _ news: PeerNews, by tracker: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let place = groups?.account(of: peer) else { throw .malformed }
        // A peer that has moved to another tracker is lost only to the first one.
        let reporter = groups?.reporters[place]
        guard reporter == nil || reporter == tracker else { return }
        if news == .vanished { groups?.accounts[place].stage = .lost }
        if news == .looked { groups?.accounts[place].hasLooked = true }
        guard groups?.accounts[place].stage != .closed else { return }
        switch news {
        case .left: groups?.accounts[place].stage = .closed
        case .vanished, .looked: break
        case .lost:
            guard groups?.accounts[place].stage != .lost else { return }
            groups?.accounts[place].stage = .lost
            effects.append(.warn(dead.contains(peer) ? .died(peer) : .lost(peer)))
        case .returned:
            guard groups?.accounts[place].stage == .lost else { return }
            groups?.accounts[place].stage = .listed
            effects.append(.warn(.returned(peer)))
        }
    }

    /// Several trackers may notice the disagreement: it is printed once.
    mutating func dispute(
        _ name: RelativePath, _ owners: [Rank], _ effects: inout Effects<TrackerEffect>
    ) {
        guard let groups, groups.isRoot else {
            return warn(.disagreement(name, owners: owners), &effects)
        }
        guard !groups.disputed.contains(name), groups.disputed.count < Self.disputesMax else {
            return
        }
        self.groups?.disputed.append(name)
        effects.append(.warn(.disagreement(name, owners: owners)))
    }

    private static var disputesMax: Int { 4096 }
}
