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
    let job: StageJob
    let survey: Survey
    private let described: DescribedSource?
    /// The archives among the sources, with `--unpack`; otherwise empty.
    let archives: [UnpackedArchive]
    /// The executables among the sources, with `--with-libs`; otherwise empty.
    private let executables: [LinkedExecutable]
    private let storages: Mailbox<StageStorage>
    private let cache: StageCache

    var options: StageOptions { job.options }
    private var clock: ProcessClock { job.clock }
    var rank: Rank { job.rank }

    /// Through `storages` an interrupt finds the storage whose state it has to save.
    init(_ job: StageJob, _ world: borrowing MPIWorld, _ storages: Mailbox<StageStorage>) {
        self.job = job
        self.storages = storages
        cache = StageCache(job.options, world)
        let surveyor = StageSurveyor(
            options: job.options, rank: world.rank, host: world.processorName,
            node: nodeNumber(in: world))
        survey = surveyor.survey()
        described = surveyor.have.map {
            DescribedSource(job.options.sourcePaths[0], under: $0)
        }
        archives = job.options.unpack ? surveyor.archives(besides: survey) : []
        executables = surveyor.executables
    }

    /// Runs the peer. Returns false if all trackers are silent, so that no rank is left to report
    /// the result.
    @discardableResult
    func takePart(
        _ download: consuming MPIEndpoint, _ upload: consuming sending MPIEndpoint,
        heir: Mailbox<HeirNote>? = nil
    ) throws(LaunchError) -> Bool {
        let disks = try DiskThreads(options.workers, of: DiskWorkers())
        var participant = StageParticipantNode(
            survey, network: download, trace: openTrace(options.traceDirectory, rank, job.log),
            now: clock.now)
        // It is let go of when this rank has done all its work.
        var claim: DestinationClaim?
        let (order, hasUnread) = follow(&participant, disks.crew, &claim)
        job.order.keep(order)
        let isOrdered =
            !participant.machine.isAbandoned
            || !isToReportNoOrder(understandsFirst: participant.understandsFirst)
        if let order, order.landing == nil { cache.letGo() }
        let bells = PeerBells()
        let storage = order.map { self.storage(for: $0, hasUnread, disks.crew, bells) }
        let isReported =
            try work(order, storage, participant.leave(), upload, bells, heir) && isOrdered
        cache.letGo()
        try disks.end()
        // Nothing is written there any more, and other jobs may enter.
        storage?.abandon()
        for archive in archives { archive.discard() }
        return isReported
    }

    /// Whether this rank has to report that rank 0 ended before it gave an order. Only the lowest
    /// living rank does so and exits with an error, because mpirun would then end the others at
    /// once, which may have their orders.
    private func isToReportNoOrder(understandsFirst: Bool) -> Bool {
        let dead = job.deaths.dead
        guard dead.contains(.first) else {
            if !understandsFirst, rank.raw == 1 {
                job.log.print(
                    "mpiswarm: \(options.command): the messages of rank 0 make no sense: "
                        + "nothing was staged")
            }
            return true
        }
        guard (0..<rank.raw).allSatisfy({ dead.contains(Rank($0)) }) else { return false }
        job.log.print(
            "mpiswarm: \(options.command): rank 0 died before the job began; "
                + "the same command starts it")
        return true
    }

    /// Waits for the order. A worker makes the lists, so that this thread can prove meanwhile that
    /// the rank lives. Returns also whether something that this rank listed cannot be read.
    private func follow(
        _ participant: inout StageParticipantNode<MPIEndpoint>, _ crew: DiskWorkers,
        _ claim: inout DestinationClaim?
    ) -> (order: StageOrder?, hasUnread: Bool) {
        var hasUnread = false
        let lists = Mailbox<StageList>()
        var made: [StageList] = []
        var asked = Set<Int>()
        var backoff = Backoff()
        var dead = DeathNotes(job.deaths)
        while !participant.isOver {
            for rank in dead.take() { participant.died(rank, now: clock.now) }
            if participant.step(now: clock.now) { backoff.reset() }
            for order in participant.takeOrders() {
                switch order {
                case .list(let source):
                    let isFirst = asked.insert(source).inserted
                    list(source, mayBeEarly: isFirst && mayTravelEarly, by: crew, into: lists)
                case .claim(let order):
                    claim = nil
                    cache.letGo()
                    guard let path = order.path else { continue }
                    let place = DestinationPlace(path)
                    let isFree = cache.take(place, &claim)
                    participant.claimed(
                        order, isFree: isFree, place: place.number, now: clock.now)
                    backoff.reset()
                }
            }
            lists.empty(into: &made)
            for list in made {
                hasUnread = hasUnread || list.leftOut.contains { $0.reason == .unreadable }
                participant.listed(
                    source: list.source, list.bytes, leftOut: list.leftOut, now: clock.now)
                backoff.reset()
            }
            made.removeAll()
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        return (participant.machine.order, hasUnread)
    }

    private func list(
        _ source: Int, mayBeEarly: Bool, by crew: DiskWorkers, into lists: Mailbox<StageList>
    ) {
        let archive = archives.isEmpty ? nil : archives[source]
        let executable = executables.isEmpty ? nil : executables[source]
        crew.submit(.read) { [job, described] in
            lists.put(
                StageList(
                    of: source, job.options, job.filter, described, archive, executable,
                    mayBeEarly: mayBeEarly))
        }
    }

    private func work(
        _ order: StageOrder?, _ storage: StageStorage?, _ download: consuming MPIEndpoint,
        _ upload: consuming sending MPIEndpoint, _ bells: PeerBells, _ heir: Mailbox<HeirNote>?
    ) throws(LaunchError) -> Bool {
        guard let order, let storage else {
            var download = download
            var upload = upload
            close(&download, by: clock)
            close(&upload, by: clock)
            return true
        }
        storages.put(storage)
        let publications = rank == .first ? job.publications.wait() : []
        for publication in publications { storage.publish(publication) }
        let up = Mailbox<UploaderNote>(ringing: bells.upload)
        let down = Mailbox<DownloaderNote>(ringing: bells.download)
        job.deaths.follow { down.put(.died($0)) }
        let trace = openTrace(options.traceDirectory, rank, job.log)
        let uploader = UploadNode(
            rules: uploaderRules(order), owned: publications.compactMap(\.nestedContent),
            network: upload, reader: TreeReader(storage), inbox: up, downloader: down, trace: trace,
            throttle: Throttle(bytesPerSecond: options.limitRate.bytesPerSecond))
        let downloader = DownloadNode(
            rules: downloaderRules(order), share: order.share(of: rank, describing: publications),
            network: download, disk: TreeStore(storage), inbox: down, uploader: up,
            heir: heir, trace: trace, now: clock.now)
        let clock = clock
        let uploading = try NamedThread(name: "upload", uploader) {
            mpiswarm.upload($0, bells, by: clock)
        }
        let reading = try startReading(order, storage, down)
        let isReported = mpiswarm.download(downloader, bells, by: clock)
        for archive in archives { archive.stop() }
        try reading?.join()
        try uploading.join()
        return isReported
    }

    private func storage(
        for order: StageOrder, _ hasUnread: Bool, _ crew: DiskWorkers, _ bells: PeerBells
    ) -> StageStorage {
        var terms = TreeTerms(words: { sentence($0) }, lapseWords: { sentence($0) })
        terms.sites = sites()
        terms.followsLinks = options.follow
        terms.options = PartOptions(
            overwrites: options.force, verifies: options.verify, syncs: options.fsync,
            preserves: options.preserve)
        terms.options.keepsExisting = options.collect != nil && !options.force
        terms.options.isOnlyCopy = options.collect != nil
        terms.options.lockPatience = .seconds(2)
        terms.isDry = options.dryRun || options.check
        // A described content may be whole at no rank, and then no rank could publish its digests.
        terms.comparesDry = options.dryRun && options.verify && options.have == nil
        terms.isCheck = options.check
        terms.extras = extraTerms(order)
        terms.sharesRoom = order.sharesRoom
        terms.roomWarning = { [memory = Int64(options.memory.bytes)] in
            memoryWarning($0, needed: $1, beside: memory)
        }
        terms.recentByteCountMax = recentByteCountMax(order)
        terms.contentCount =
            order.early == nil
            ? order.duties.count { options.collect == nil || $0.isWanted } : 1
        terms.afterNames = cache.lettingGo(before: StageHook(job, order, host: survey.host))
        let pieceLength = Int(order.pieceLength)
        let pool = BufferPool(
            byteCountMax: pieceLength, keptMax: max(4, options.memory.bytes / pieceLength))
        let cache = cache.open()
        return StageStorage(
            rank: rank, crew: crew, pool: pool, terms: terms, downloadBell: bells.download,
            uploadBell: bells.upload
        ) { manifest in duty(of: manifest, by: order, hasUnread, cache) }
    }

    private func extraTerms(_ order: StageOrder) -> ExtraTerms {
        var terms = ExtraTerms()
        terms.foresees = options.dryRun && order.extras == .removed
        terms.treatment = terms.foresees ? .counted : order.extras
        // The sources may have other names on this rank.
        let others = order.others.map { $0.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst() }
        terms.isCovered = { [filter = job.filter, others = Set(others)] in
            filter.covers($0, isFolder: $1) && !others.contains($0)
        }
        return terms
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
        guard executables.isEmpty else {
            let present = zip(options.sourcePaths, executables).filter { isThere($0.0) }.map(\.1)
            return { present.flatMap(\.sites) }
        }
        let sites = options.sourcePaths.enumerated().compactMap { index, path -> SourceSite? in
            guard let name = options.name(of: path), isThere(path) else { return nil }
            guard archives.isEmpty else {
                return SourceSite(name: name, path: path, unpacked: archives[index])
            }
            return SourceSite(name: name, path: path)
        }
        return { sites }
    }

    func isThere(_ path: String) -> Bool {
        zip(options.sourcePaths, survey.sources).contains { $0 == path && $1 != nil }
    }
}

extension TreePublication {
    fileprivate var nestedContent: (content: ContentID, geometry: Geometry)? {
        nested.map { ($0.content, $0.manifest.geometry) }
    }
}
