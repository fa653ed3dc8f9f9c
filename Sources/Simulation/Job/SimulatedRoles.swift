import Content
import Node
import Staging
import Swarm
import Vocabulary
import Wire

/// Makes the nodes of a job: the trackers come first, then the sources, then the peers.
struct SimulatedRoles {
    let options: SimulationOptions
    let grouping: Grouping
    let network: SimulatedNetwork
    let plan: FaultPlan
    let traced: Rank?
    let trace: Trace?

    /// `set` changes the rules of a tracker that has a plan.
    func tracker(
        _ rank: Rank, _ set: (inout TrackerRules) -> Void = { _ in }
    ) -> SimulatedTracker {
        var rules = grouping.rules(of: rank, options.overlay)
        rules.kind = options.kind
        rules.degree = options.degree
        rules.seed = seed(of: 0)
        set(&rules)
        return SimulatedTracker(
            TrackerNode(
                rules: rules, network: network.trackerEndpoint(of: rank),
                trace: traced == rank ? trace : nil, now: network.now))
    }

    /// The tracker that a rank of a staged job becomes when all trackers before it are gone.
    func heir(_ rank: Rank, _ inheritance: Inheritance) -> SimulatedTracker {
        var rules = grouping.rules(of: rank, after: inheritance)
        rules.kind = .staged
        rules.seed = seed(of: 0)
        return SimulatedTracker(
            TrackerNode(
                rules: rules, network: network.trackerEndpoint(of: rank),
                trace: traced == rank ? trace : nil, now: network.now))
    }

    func peer(_ rank: Rank) -> SimulatedPeer {
        guard options.kind != .standing else {
            return peer(rank, downloaderRules(rank), Share(), owned: [], storage: nil)
        }
        let owned = isSource(rank) ? network.state.contents.map { ($0.content, $0.geometry) } : []
        return peer(rank, downloaderRules(rank), share(of: rank), owned: owned, storage: nil)
    }

    /// A peer of a staged job that has its order.
    func peer(
        _ rank: Rank, _ order: StageOrder, _ publications: [TreePublication],
        at place: SimulatedStageStorage.Place
    ) -> SimulatedPeer {
        var rules = downloaderRules(rank)
        rules.reportsProgress = true
        order.adapt(&rules)
        if let collected = options.collected {
            rules.reportsNames = order.reportsNames(removesSource: collected.removal != .never)
        }
        let published = rank == .first ? publications : []
        return peer(
            rank, rules, order.share(of: rank, describing: published), owned: [],
            storage: SimulatedStageStorage(network, rank, order, place))
    }

    private func peer(
        _ rank: Rank, _ rules: DownloaderRules, _ share: Share,
        owned: [(content: ContentID, geometry: Geometry)], storage: SimulatedStageStorage?
    ) -> SimulatedPeer {
        let toUpload = Mailbox<UploaderNote>()
        let toDownload = Mailbox<DownloaderNote>()
        let toHeir = Mailbox<HeirNote>()
        let news = Mailbox<LiveNews>()
        let download = DownloadNode(
            rules: rules, share: share,
            network: network.endpoint(of: rank, isUpload: false),
            disk: SimulatedStore(network, rank, staged: storage),
            inbox: toDownload, uploader: toUpload, news: news, heir: toHeir,
            trace: rank == traced ? trace : nil, now: network.now)
        let upload = UploadNode(
            rules: uploaderRules(rank), owned: owned,
            network: network.endpoint(of: rank, isUpload: true),
            reader: SimulatedReader(network, rank, staged: storage),
            inbox: toUpload, downloader: toDownload,
            trace: rank == traced ? trace : nil)
        return SimulatedPeer(
            download: download, upload: upload, toUpload: toUpload, toDownload: toDownload,
            toHeir: toHeir, news: news)
    }

    private func isSource(_ rank: Rank) -> Bool { options.isSource(Int(rank.raw)) }

    private func downloaderRules(_ rank: Rank) -> DownloaderRules {
        var rules = grouping.downloaderRules(of: rank)
        rules.seed = seed(of: 2 * UInt64(rank.raw))
        rules.picker = options.picker
        rules.piecePatienceMin = options.piecePatienceMin
        rules.hasEndgame = options.hasEndgame
        rules.keepsTimeline = options.keepsTimeline
        if options.kind == .staged { rules.heirs = grouping.heirs }
        rules.kind = options.kind
        return rules
    }

    private func uploaderRules(_ rank: Rank) -> UploaderRules {
        var rules = grouping.uploaderRules(of: rank)
        rules.seed = seed(of: 2 * UInt64(rank.raw) + 1)
        rules.serving = options.serving
        if options.kind == .staged { rules.heirs = grouping.heirs }
        rules.offersWhatItOwns = options.offersWhatItOwns
        rules.sendsActiveMax = options.sendsActiveMax
        rules.preferredMax = options.preferredMax
        rules.unchokingInterval = options.unchokingInterval
        rules.optimisticUnchokingInterval = options.unchokingInterval
        return rules
    }

    /// Each machine has a seed of its own.
    private func seed(of number: UInt64) -> UInt64 {
        var chance = Chance(seed: options.seed &+ number &* 0xD6E8_FEB8_6659_FD93)
        return chance.next()
    }

    private func share(of rank: Rank) -> Share {
        var share = Share()
        let files = (1...options.files).compactMap { SimulatedContent.fileName($0) }
        guard isSource(rank) else {
            share.wants = files
            return share
        }
        let contents = network.state.contents
        for known in contents { network.state.disks[Int(rank.raw)].own(known.content) }
        let nested = contents.dropFirst(files.count).first
        for (file, known) in zip(files, contents) {
            share.owned.append(
                Share.Owned(
                    name: file, content: known.content, geometry: known.geometry,
                    manifest: nested.map { Descriptor(nested: $0.content, manifest: $0.manifest) }
                        ?? Descriptor(inline: known.manifest)))
        }
        return share
    }
}
