import Content
import Node
import Staging
import Swarm
import Vocabulary

/// The part of a staged job before the swarm: each rank describes the files it sees, rank 0 makes
/// the plan, and each rank gets its order.
final class SimulatedStage {
    final class Participating {
        var node: StageParticipantNode<SimulatedEndpoint>
        init(_ node: consuming StageParticipantNode<SimulatedEndpoint>) { self.node = node }
    }

    private final class Coordinating {
        var node: StageCoordinatorNode<SimulatedEndpoint>
        init(_ node: consuming StageCoordinatorNode<SimulatedEndpoint>) { self.node = node }
    }

    let options: SimulationOptions
    let network: SimulatedNetwork
    private let file: RelativePath
    /// Nil if the source is no archive.
    let archive: SimulatedArchive?
    /// The first part that is not complete, if the archive ends early.
    let archiveEnd: Int?
    /// The order of the rank that reads an archive whose parts travel meanwhile.
    var unpackingOrder: StageOrder?
    /// The ranks that were asked for a list.
    private var askedRanks: [Rank] = []
    private let coordinator: Coordinating
    /// By rank; nil for ranks that have their orders, or have not joined yet.
    private(set) var participants: [Participating?]
    private(set) var plan: StagePlan?
    /// Ranks whose deaths were reported to rank 0 since its last step.
    private var deadForPlanner: [Rank] = []
    /// The number of times that an heir took over.
    var heirCount = 0
    /// The coordinator refused the job.
    private(set) var isRefused = false

    init(
        _ options: SimulationOptions, _ network: SimulatedNetwork, _ file: RelativePath,
        _ faults: FaultPlan
    ) {
        self.options = options
        self.network = network
        self.file = file
        archive = Self.archive(options, file)
        archiveEnd = faults.archiveEndsAt
        participants = [Participating?](repeating: nil, count: options.rankCount)
        var wish = StageWish(sources: ["content"], names: [file])
        wish.readersMax = options.staged.readersMax
        wish.hasOneReader = options.staged.isArchive
        if !options.staged.sourcesKeepCopies {
            wish.receiverRanks = (0..<options.rankCount).filter { !options.isSource($0) }
                .map { Rank(Int32($0)) }
        }
        if options.staged.isDescribed { Self.describe(file, options, &wish) }
        if let collected = options.collected { Self.collect(collected, options, &wish) }
        var terms = StagePlan.Terms(job: options.seed)
        terms.pieceLength = Int64(options.pieceLength)
        terms.trackerCount = options.trackers
        let rankCount = options.rankCount
        coordinator = Coordinating(
            StageCoordinatorNode(network.trackerEndpoint(of: .first), now: .zero) { _, effects in
                StageCoordinator(wish, terms, rankCount: rankCount, now: .zero, effects: &effects)
            })
    }

    // MARK: Rank 0

    /// Returns true if all orders are given, or the job was refused.
    func stepPlanner() -> Bool {
        for rank in deadForPlanner { coordinator.node.died(rank, now: network.now) }
        deadForPlanner.removeAll()
        _ = coordinator.node.step(now: network.now)
        // The plan is made again without a rank that does not describe its destination.
        if plan == nil, coordinator.node.machine.stage == .over,
            let made = coordinator.node.machine.plan
        {
            plan = made
            for publication in publications {
                network.state.add(SimulatedContent(publication.content, publication.geometry))
            }
        }
        network.state.setAlarm(network.state.ends.tracker(0), at: coordinator.node.alarm)
        guard coordinator.node.isOver else { return false }
        isRefused = plan == nil
        return true
    }

    /// Rank 0 learns of the whole tree of an archive, which it reports on.
    func learn(_ manifest: TreeManifest) { plan?.learn(manifest) }

    var publications: [TreePublication] { plan?.contents.map { TreePublication($0) } ?? [] }

    /// A death is reported to rank 0, and to all ranks that have no orders yet.
    func died(_ dead: Rank, _ isDead: [Bool]) {
        if plan == nil, !isRefused, !isDead[0], !deadForPlanner.contains(dead) {
            deadForPlanner.append(dead)
            network.state.endpoints.markReady(network.state.ends.tracker(0))
        }
        for rank in participants.indices where !isDead[rank] {
            guard let participating = participants[rank] else { continue }
            participating.node.died(dead, now: network.now)
            network.state.endpoints.markReady(network.state.ends.download(of: rank))
        }
    }

    // MARK: All ranks

    func join(_ rank: Rank) {
        participants[Int(rank.raw)] = Participating(
            StageParticipantNode(
                survey(of: rank), network: network.endpoint(of: rank, isUpload: false),
                now: network.now))
        // Messages for a thread that is not there yet wait for it.
        _ = network.endpoint(of: rank, isUpload: true)
    }

    /// Returns true if the rank has its order.
    func step(_ participating: Participating, _ rank: Rank) -> Bool {
        _ = participating.node.step(now: network.now)
        for order in participating.node.takeOrders() {
            switch order {
            case .list(let source):
                participating.node.listed(
                    source: source, listing(of: rank), leftOut: [], now: network.now)
            // No other job wants the same destinations.
            case .claim(let claim):
                participating.node.claimed(claim, isFree: true, place: 0, now: network.now)
            }
        }
        guard participating.node.isOver else {
            network.state.setAlarm(
                network.state.ends.download(of: Int(rank.raw)), at: participating.node.alarm)
            return false
        }
        participants[Int(rank.raw)] = nil
        if let order = participating.node.machine.order { beginUnpacking(rank, order) }
        return true
    }

    private func survey(of rank: Rank) -> Survey {
        Survey(
            host: "host\(host(of: rank))", node: UInt64(host(of: rank)), sources: [sight(of: rank)],
            destination: options.collected == nil ? "/copies/\(rank.raw)" : "/copies/{rank}",
            destinationIsFolder: false)
    }

    func host(of rank: Rank) -> Int { Int(rank.raw) / options.staged.ranksPerHost }

    private func sight(of rank: Rank) -> SourceProbe? {
        guard seesSource(rank), let modified = FileTime(seconds: 1, nanoseconds: 0) else {
            return nil
        }
        return SourceProbe(
            isFolder: options.staged.isArchive, device: 1, inode: inode(of: rank),
            size: Int64(options.byteCount), modified: modified, system: 1)
    }

    /// Ranks that see the same file find the same number. A described file is another one on each
    /// rank that has some of its pieces.
    private func inode(of rank: Rank) -> UInt64 {
        options.staged.isDescribed ? UInt64(rank.raw) + 1 : hasOwnDisk(rank) ? 2 : 1
    }

    func seesSource(_ rank: Rank) -> Bool {
        if let collected = options.collected { return collected.isOfFirst || rank > .first }
        return options.staged.isSeenByAll || options.isSource(Int(rank.raw))
    }

    private func hasOwnDisk(_ rank: Rank) -> Bool {
        options.staged.hasOwnDisk && Int(rank.raw) == options.firstReceiver - 1
    }

    /// One file or an archive, as the rank that is asked for a list describes it.
    private func listing(of rank: Rank) -> [UInt8] {
        if let archive {
            let isFirst = !askedRanks.contains(rank)
            if isFirst { askedRanks.append(rank) }
            return listing(of: archive, isFirst: isFirst)
        }
        let length = Int64(options.byteCount)
        guard let modified = FileTime(seconds: 1, nanoseconds: 0) else { return [] }
        let extents =
            options.staged.isDescribed
            ? goodParts(of: rank) : [Extent(start: 0, end: length)].compactMap(\.self)
        let entry = TreeEntry(
            path: file, body: .file(length: length, extents: extents), mode: 0o644,
            modified: modified)
        let tree = Self.list([entry])
        return options.staged.isDescribed ? DescribedList.encoded(tree, []) : tree
    }

    // MARK: Files

    func place(of rank: Rank) -> SimulatedStageStorage.Place {
        let pieces = options.geometry?.pieceCount ?? 0
        var versions: [UInt32: UInt32]?
        if seesSource(rank) {
            let every = hasOwnDisk(rank) ? options.staged.differingEvery : 0
            versions = [:]
            for piece in 0..<pieces where every > 0 && piece % every == 0 {
                versions?[UInt32(piece)] = 1
            }
        }
        return SimulatedStageStorage.Place(
            host: host(of: rank), sourceVersions: versions, prior: prior(of: rank, pieces),
            removesSource: options.collected.map { $0.removal != .never } ?? false,
            archive: archive
        ) { [unowned self] manifest in if rank == .first { learn(manifest) } }
    }

    private func prior(of rank: Rank, _ pieceCount: Int) -> SimulatedPrior {
        var prior = SimulatedPrior(pieceCount: pieceCount)
        guard Int(rank.raw) >= options.firstReceiver || options.collected != nil else {
            return prior
        }
        var chance = Chance(seed: options.seed ^ 0x7072_696F ^ UInt64(rank.raw) << 40)
        let staged = options.staged
        for position in 0..<pieceCount {
            let draw = Double(chance.below(1000)) / 1000
            let isOutdated = staged.outdatedEvery > 0 && chance.below(staged.outdatedEvery) == 0
            let piece = PieceIndex(position)
            if draw < staged.inPlaceShare {
                prior.inPlace.insert(piece)
            } else if draw < staged.inPlaceShare + staged.resumedShare {
                prior.resumed.insert(piece)
                if isOutdated { prior.outdated.insert(piece) }
            }
        }
        return prior
    }
}
