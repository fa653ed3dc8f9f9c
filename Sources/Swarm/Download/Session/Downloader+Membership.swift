import Vocabulary
import Wire

/// Leads this rank through the job: list, admission, last report.
extension Downloader {
    mutating func sendList(_ effects: inout Effects<DownloaderEffect>) {
        guard stage != .leaving, stage != .away else { return }
        if stage == .joining { session.stage = .waiting }
        if let refusal { return fetching.journal.announce(.badInput, refusal, &effects) }
        fetching.reportList(&effects)
        if orders.hasLooked { sendLooked(&effects) }
    }

    /// Reports that all files in the folders were found. It is sent after these files, so that the
    /// tracker knows them.
    func sendLooked(_ effects: inout Effects<DownloaderEffect>) {
        fetching.journal.report(.looked, &effects)
    }

    mutating func admitted(peers: Int, now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage != .leaving, stage != .away else { return }
        guard stage == .waiting else { return readmitted(&effects) }
        session.stage = .running
        fetching.completion.isReviewDue = true
        fetching.sourcing.peerCount = max(1, peers)
        fetching.journal.admitted(now: now)
        fetching.greet(&effects)
        if rules.kind.isStanding {
            orders.isIn(&effects)
            fetching.reportTransfers(&effects)
            askLists(&effects)
        }
        fetching.startTransfers(&effects)
    }

    /// Reports everything again to a tracker that had lost this rank and deleted its entries.
    private mutating func readmitted(_ effects: inout Effects<DownloaderEffect>) {
        fetching.journal.branches.readmissions += 1
        fetching.reportTransfers(&effects)
        if rules.kind.isStanding, stage == .running {
            orders.askListsAgain(fetching.journal, &effects)
        }
        if stage == .done { wantsAreOver(&effects) }
    }

    /// Ends fetching when nothing more is wanted, or nothing more can be obtained.
    mutating func wantsAreOver(_ effects: inout Effects<DownloaderEffect>) {
        session.stage = .done
        if rules.reportsNames { fetching.completion.reportNames(&effects) }
        let failed = totals.wanted - totals.delivered
        fetching.journal.report(
            .allFilesCompleted(delivered: totals.delivered, failed: failed), &effects)
    }

    /// Handles the tracker's confirmation that this rank leaves.
    mutating func released(from source: Rank, _ effects: inout Effects<DownloaderEffect>) {
        guard stage == .leaving, source == tracker else { return }
        session.stage = .away
        orders.isOut(&effects)
    }

    /// Ends the job for this rank, after a check of its finished files: other ranks may have taken
    /// much longer than this one, and the files may have been moved away meanwhile.
    mutating func stop(_ effects: inout Effects<DownloaderEffect>) {
        // Even a rank that got nothing may have kept parts of it.
        guard rules.kind == .staged, totals.delivered > 0 || rules.lastWantWaits else {
            return leave(&effects)
        }
        effects.append(.store(.lookAgain))
    }

    mutating func leave(_ effects: inout Effects<DownloaderEffect>) {
        guard stage != .over else { return }
        fetching.completion.failAll(.ended)
        if stage != .leaving { sendLastReport(&effects) }
        end(&effects)
    }

    private func sendLastReport(_ effects: inout Effects<DownloaderEffect>) {
        fetching.journal.sendLastReport(
            fetching.transfers.reportEntries(onlyLastMatters: rules.lastWantWaits),
            countsWork: rules.countsWork, &effects)
    }

    private mutating func end(_ effects: inout Effects<DownloaderEffect>) {
        session.stage = .over
        fetching.journal.close()
        effects.append(.ended)
    }

    // MARK: When the tracker is silent, or dead

    /// Handles a death that a supervisor, or another reliable witness, has reported.
    mutating func died(_ dead: Rank, now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        guard dead != rank, stage != .over, session.died(dead) else { return }
        fetching.exchange.died(dead, &effects)
        fetching.sourcing.neighbourLeft(dead, &effects)
        fetching.sourcing.publisherDied(dead, &effects)
        guard dead == tracker else { return }
        reviewSolitude(now: now, &effects)
    }

    /// Handles a silent tracker. Without one, pieces that known sources have promised are still
    /// received, and this rank serves until no other asks; but nothing new can be found. No
    /// transfer waits for ever: where nothing has arrived for longer than pieces take, nothing
    /// will.
    ///
    /// Safe to call early or late.
    mutating func reviewSolitude(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        guard session.isSilent(tracker, now: now), !joinNextTracker(now: now, &effects) else {
            if isAbandoned, !session.isSilent(tracker, now: now) { session.heardAgain(&effects) }
            return
        }
        // A peer that was never admitted, or is leaving, has no sources and no receivers.
        guard stage == .running || stage == .done else { return abandon(&effects) }
        if session.abandon() { fetching.journal.fedAt = now }
        fetching.endure(now: now, &effects)
        orders.dropLists(.trackerLost, &effects)
        if fetching.transfers.areOver { session.linger(&effects) }
    }

    /// Ends this rank, which has nothing to finish or to serve.
    private mutating func abandon(_ effects: inout Effects<DownloaderEffect>) {
        fetching.completion.failAll(.trackerLost)
        effects.append(.tell(.leaving))
        _ = session.abandon()
        end(&effects)
    }

    /// Joins the next rank that may track. Returns false if all were tried.
    private mutating func joinNextTracker(
        now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        guard session.followNext(now: now, &fetching.journal, &effects) else { return false }
        switch stage {
        // A peer that is away, or about to leave, only sends `leave` to the next one.
        case .leaving, .away: fetching.journal.report(.leave, &effects)
        case .joining, .waiting, .running, .done: fetching.journal.report(.join, &effects)
        case .over: break
        }
        return true
    }
}
