import CommandLine
import Content
import Launch
import MPITransport
import Node
import Staging
import Storage
import Swarm
import Vocabulary
import Wire

/// A peer of `stage`: it sends its survey, and then carries out its order.
struct StagePeer: Sendable {
    private let job: StageJob
    private let survey: Survey
    private let described: DescribedSource?
    private let vaults: Mailbox<TreeVault>

    private var options: StageOptions { job.options }
    private var clock: ProcessClock { job.clock }
    private var rank: Rank { job.rank }

    /// `vaults` is where an interrupt finds what it has to put down.
    init(_ job: StageJob, _ world: borrowing MPIWorld, _ vaults: Mailbox<TreeVault>) {
        self.job = job
        self.vaults = vaults
        let surveyor = StageSurveyor(
            options: job.options, rank: world.rank, host: world.processorName)
        survey = surveyor.survey()
        described = surveyor.have.map {
            DescribedSource(job.options.sourcePaths[0], under: $0)
        }
    }

    /// Returns false when all trackers are silent, so that no rank is left to report the result.
    @discardableResult
    func takePart(
        _ download: consuming MPIEndpoint, _ upload: consuming sending MPIEndpoint,
        heir: Mailbox<HeirNote>? = nil
    ) throws(LaunchError) -> Bool {
        let crew = DiskWorkers()
        var workers: [NamedThread] = []
        for number in 0..<options.workers {
            workers.append(try NamedThread(name: "disk \(number)", crew) { $0.work() })
        }
        var participant = StageParticipantNode(
            survey, network: download, trace: openTrace(options.traceDirectory, rank),
            now: clock.now)
        // It is let go of when this rank has done all its work.
        var claim: DestinationClaim?
        let order = follow(&participant, crew, &claim)
        job.order.keep(order)
        let isOrdered =
            !participant.machine.isAbandoned
            || !isToReportNoOrder(understandsFirst: participant.understandsFirst)
        let isReported = try work(order, participant.leave(), upload, crew, heir) && isOrdered
        crew.close()
        for worker in workers { try worker.join() }
        return isReported
    }

    /// Rank 0 gave no order before it ended. The lowest rank that lives reports that, and its exit
    /// status is the job's: mpirun would end the others at once, who may have their orders.
    private func isToReportNoOrder(understandsFirst: Bool) -> Bool {
        let dead = job.deaths.dead
        guard dead.contains(.first) else {
            if !understandsFirst, rank.raw == 1 {
                say(
                    "mpiswarm: stage: the messages of rank 0 make no sense: nothing was staged\n",
                    on: .error)
            }
            return true
        }
        guard (0..<rank.raw).allSatisfy({ dead.contains(Rank($0)) }) else { return false }
        say(
            "mpiswarm: stage: rank 0 died before the job began; the same command starts it\n",
            on: .error)
        return true
    }

    /// Waits for the order. Lists are made by a worker, so that meanwhile we prove that we live.
    private func follow(
        _ participant: inout StageParticipantNode<MPIEndpoint>, _ crew: DiskWorkers,
        _ claim: inout DestinationClaim?
    ) -> StageOrder? {
        let lists = Mailbox<StageList>()
        var made: [StageList] = []
        var backoff = Backoff()
        var dead = DeathNotes(job.deaths)
        while !participant.isOver {
            for rank in dead.take() { participant.died(rank) }
            if participant.step(now: clock.now) { backoff.reset() }
            for source in participant.takeWanted() {
                crew.submit(.read) { [job, described] in
                    lists.put(StageList(of: source, job.options, job.filter, described))
                }
            }
            for order in participant.takeClaims() {
                claim = nil
                guard let path = order.path else { continue }
                let place = DestinationPlace(path)
                let isFree = take(place, &claim)
                participant.claimed(order, isFree: isFree, place: place.number, now: clock.now)
                backoff.reset()
            }
            lists.empty(into: &made)
            for list in made {
                participant.listed(
                    source: list.source, list.bytes, leftOut: list.leftOut, now: clock.now)
                backoff.reset()
            }
            made.removeAll()
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        return participant.machine.order
    }

    /// The lock in the destination is still there where claims cannot be made.
    private func take(_ place: DestinationPlace, _ claim: inout DestinationClaim?) -> Bool {
        do throws(StorageError) {
            claim = try DestinationClaim.take(place)
            return claim != nil
        } catch { return true }
    }

    private func work(
        _ order: StageOrder?, _ download: consuming MPIEndpoint,
        _ upload: consuming sending MPIEndpoint, _ crew: DiskWorkers, _ heir: Mailbox<HeirNote>?
    ) throws(LaunchError) -> Bool {
        guard let order else {
            var download = download
            var upload = upload
            close(&download, by: clock)
            close(&upload, by: clock)
            return true
        }
        let vault = vault(for: order, crew)
        vaults.put(vault)
        let publications = rank == .first ? job.publications.wait() : []
        for publication in publications { vault.publish(publication) }
        let up = Mailbox<UploaderNote>()
        let down = Mailbox<DownloaderNote>()
        job.deaths.follow { down.put(.died($0)) }
        let trace = openTrace(options.traceDirectory, rank)
        let uploader = UploadNode(
            rules: uploaderRules(order), owned: publications.compactMap(\.nestedContent),
            network: upload, shelf: TreeReader(vault), inbox: up, downloader: down, trace: trace,
            throttle: Throttle(bytesPerSecond: options.limitRate.bytesPerSecond))
        let downloader = DownloadNode(
            rules: downloaderRules(order), share: order.share(describing: publications),
            network: download, disk: TreeStore(vault), inbox: down, uploader: up,
            heir: heir, trace: trace, now: clock.now)
        let clock = clock
        let uploading = try NamedThread(name: "upload", uploader) { mpiswarm.upload($0, by: clock) }
        let isReported = mpiswarm.download(downloader, by: clock)
        try uploading.join()
        vault.abandon()
        return isReported
    }

    private func vault(
        for order: StageOrder, _ crew: DiskWorkers
    ) -> TreeVault {
        var terms = TreeTerms(
            words: { [isForced = options.force] in sentence($0, isForced: isForced) },
            lapseWords: { sentence($0) })
        terms.sites = sites()
        terms.followsLinks = options.follow
        terms.options = PartOptions(
            overwrites: options.force, verifies: options.verify, syncs: options.fsync,
            preserves: options.preserve)
        terms.options.lockPatience = .seconds(2)
        terms.isDry = options.dryRun
        // A described content may be whole at no rank, and then no rank could publish its digests.
        terms.comparesDry = options.dryRun && options.verify && options.have == nil
        terms.sharesRoom = order.sharesRoom
        terms.recentByteCountMax = options.memory.bytes / 4
        terms.contentCount = order.duties.count
        terms.afterNames = StageHook(job, order, host: survey.host)?.run
        let pieceLength = Int(order.pieceLength)
        let pool = BufferPool(
            byteCountMax: pieceLength, keptMax: max(4, options.memory.bytes / pieceLength))
        return TreeVault(rank: rank, crew: crew, pool: pool, terms: terms) { manifest in
            var duty = TreeDuty()
            duty.number = Int(truncatingIfNeeded: manifest.origin.job &- order.job)
            if order.duties.indices.contains(duty.number) {
                let ordered = order.duties[duty.number]
                if ordered.isPartial, let file = manifest.entries.last?.path {
                    duty.share = { $0.pieces(within: [file: ordered.parts]) }
                } else if let share = ordered.share {
                    duty.share = { share.pieces(of: $0.geometry.pieceCount) }
                }
                duty.asksPublisher = ordered.asksPublisher
                duty.standsBy = ordered.standsBy
            }
            duty.folder = order.landing?.folder
            duty.name = order.landing?.name
            return duty
        }
    }

    /// The sources that this rank may read, under their names at the destination.
    private func sites() -> @Sendable () -> [SourceSite] {
        if let described {
            // The source could be read during the survey; a rank that cannot read it now reports
            // that later.
            return {
                do throws(MetainfoCommandError) {
                    return [try described.held()?.site].compactMap(\.self)
                } catch { return [] }
            }
        }
        let sites = options.sourcePaths.compactMap { path -> SourceSite? in
            guard let name = sourceName(path), isThere(path) else { return nil }
            return SourceSite(name: name, path: path)
        }
        return { sites }
    }

    private func isThere(_ path: String) -> Bool {
        zip(options.sourcePaths, survey.sources).contains { $0 == path && $1 != nil }
    }

    private func downloaderRules(_ order: StageOrder) -> DownloaderRules {
        var rules = job.grouping.downloaderRules(of: rank)
        rules.heirs = job.grouping.heirs
        rules.seed = order.job
        rules.picker = PickerChoice(options.picker)
        rules.reportsProgress = true
        rules.looksAgain = !options.dryRun
        rules.keepsTimeline = options.report != nil
        rules.bytesInFlightMax = options.memory.bytes / 2
        return rules
    }

    private func uploaderRules(_ order: StageOrder) -> UploaderRules {
        var rules = job.grouping.uploaderRules(of: rank)
        rules.heirs = job.grouping.heirs
        rules.seed = order.job
        rules.serving = Serving(options.policy)
        return rules
    }
}

extension TreePublication {
    fileprivate var nestedContent: (content: ContentID, geometry: Geometry)? {
        nested.map { ($0.content, $0.manifest.geometry) }
    }
}
