package import Node
import Swarm
package import Vocabulary

/// A whole job in virtual time: the trackers and peers of production, over a simulated network and
/// simulated disks. A node is stepped only when it has something to do.
package final class SimulatedJob {
    package let options: SimulationOptions
    package let network: SimulatedNetwork
    package internal(set) var plan: FaultPlan
    let links: JobLinks
    let roles: SimulatedRoles
    /// By rank; nil for ranks of a staged job without an order, and for heirs that have not taken
    /// over.
    var trackers: [SimulatedTracker?] = []
    /// Nil unless the job is staged.
    let stage: SimulatedStage?
    /// Nil unless the job is a standing one.
    let standing: SimulatedStanding?
    /// By rank; nil for trackers and for peers that have not joined.
    var peers: [SimulatedPeer?]
    var presence: JobPresence
    package private(set) var warnings = JobWarnings()
    package internal(set) var stepCount: UInt64 = 0
    /// The endpoints that are being stepped; kept for its capacity.
    private var batch: [UInt32] = []
    private var duties: [EventRow] = []

    /// Nil where no content can have such pieces. The messages of `traced` are written to `trace`.
    package init?(_ options: SimulationOptions, traced: Rank? = nil, trace: Trace? = nil) {
        guard options.trackers > 0, options.sources > 0, options.peers >= 0,
            let geometry = options.geometry, let file = SimulatedContent.fileName()
        else { return nil }
        self.options = options
        let fairLinks = JobLinks.fairLinks(options)
        links = JobLinks(options, fairLinks)
        plan = FaultPlan(options, bound: links.bound)
        var latency = options.latency
        latency.jitterMax = max(latency.jitterMax, plan.jitterMax)
        network = SimulatedNetwork(
            contents: SimulatedContent.all(options, geometry), links: fairLinks,
            rankCount: options.rankCount, trackerCount: Self.accountCount(options),
            latency: latency, disk: options.disk, seed: options.seed, wantedCount: options.files)
        roles = SimulatedRoles(
            options: options, grouping: options.grouping, network: network, plan: plan,
            traced: traced, trace: trace)
        peers = [SimulatedPeer?](repeating: nil, count: options.rankCount)
        presence = JobPresence(rankCount: options.rankCount)
        stage = options.kind == .staged ? SimulatedStage(options, network, file, plan) : nil
        standing =
            options.kind == .standing
            ? SimulatedStanding(
                options, network, healsAt: plan.healsAt, bound: links.bound) : nil
        trackers = (0..<Self.accountCount(options)).map { rank in
            stage == nil ? roles.tracker(Rank(Int32(rank))) : nil
        }
        if stage != nil {
            // Messages for a tracker that is not there yet wait for it.
            for rank in trackers.indices { _ = network.trackerEndpoint(of: Rank(Int32(rank))) }
        }
        prepareFaults()
        for tracker in 0..<options.trackers {
            network.state.endpoints.markReady(network.state.ends.tracker(tracker))
        }
        scheduleJoins()
        scheduleOrders()
        guard let end = options.trackersDieAt else { return }
        network.state.queue.schedule(.fault, Self.trackersDie, at: .zero + end)
    }

    /// Higher than the number of any step of a plan.
    static let trackersDie = UInt32.max

    private func scheduleJoins() {
        let arrivals = PeerArrivals(options, plan, network.state.delays.latency)
        for rank in options.peerRanks {
            if arrivals.isLate(rank) { network.state.fired[FaultKind.lateJoin.rawValue] += 1 }
            network.state.queue.schedule(.joined, UInt32(rank), at: arrivals.time(of: rank))
        }
    }

    /// Runs until the job is over or the limit is reached; false in the latter case.
    package func run() -> Bool { run(until: .zero + options.limit) }

    /// Runs until an earlier limit; may be called again.
    package func run(until end: Tick) -> Bool {
        let end = min(end, plan.endsAt)
        while !isOver {
            stepReady()
            guard network.state.advance(through: end, duties: &duties) else {
                network.state.queue.wait(until: end)
                if isOver || end < plan.endsAt || !plan.noteSpoilt(in: network) { return isOver }
                return run(until: .zero + options.limit)
            }
            guard !duties.isEmpty else { continue }
            for duty in duties { perform(duty) }
            duties.removeAll(keepingCapacity: true)
        }
        return true
    }

    /// Whether rank 0, or an heir of it, has the final account. With faults, a peer that the others
    /// no longer believe may keep it waiting; then it is enough that everything has healed and all
    /// ranks that must finish have done so.
    private var isOver: Bool {
        lastWord != nil || stage?.isRefused == true || hasEndedAlone
            || !plan.kinds.isEmpty && standing == nil && network.now >= plan.healsAt
                && isDemandMet
    }

    /// Whether all trackers were killed, every other rank has left, and no heir is still at work:
    /// the last reports may be on their way to an heir.
    private var hasEndedAlone: Bool {
        let isHeirAtWork = trackers.indices.contains { rank in
            !network.state.isDead[rank] && trackers[rank].map { !$0.node.isOver } ?? false
        }
        return network.state.isDead[0] && !isHeirAtWork
            && options.peerRanks.allSatisfy { presence.leftAt[$0] <= network.now }
    }

    private func perform(_ duty: EventRow) {
        switch duty.kind {
        case .joined: join(Rank(Int32(duty.subject)))
        case .ordered: orderCame(duty.subject)
        case .deathReported: deathReported(Rank(Int32(duty.subject)))
        case .unpacked: stage?.unpacked(Int(duty.subject), give)
        default: faultCame(Int(duty.subject))
        }
    }

    private func join(_ rank: Rank) {
        guard !network.state.isDead[Int(rank.raw)] else { return }
        presence.joined(Int(rank.raw), at: network.now)
        if let stage {
            stage.join(rank)
            for dead in presence.knownDead { stage.died(dead, network.state.isDead) }
        } else {
            peers[Int(rank.raw)] = roles.peer(rank)
            informBeginner(peer: Int(rank.raw))
        }
        network.state.endpoints.markReady(network.state.ends.download(of: Int(rank.raw)))
        network.state.endpoints.markReady(network.state.ends.upload(of: Int(rank.raw)))
        guard let standing else { return }
        let orders = standing.beginning(of: Int(rank.raw)).map { DownloaderNote.ordered($0) }
        give(orders, to: Int(rank.raw))
    }

    private func stepReady() {
        while network.state.endpoints.hasReady {
            network.state.endpoints.takeReady(into: &batch)
            for endpoint in batch where network.state.endpoints.mayStep(endpoint) { step(endpoint) }
            batch.removeAll(keepingCapacity: true)
        }
    }

    private func step(_ endpoint: UInt32) {
        stepCount += 1
        let ends = network.state.ends
        guard !ends.isTracker(endpoint) else { return stepTracker(endpoint) }
        let rank = ends.rank(of: endpoint)
        guard let peer = peers[rank] else { return stepParticipant(Rank(Int32(rank)), endpoint) }
        if ends.isUpload(endpoint) {
            stepUpload(peer, endpoint)
        } else {
            stepDownload(peer, endpoint)
        }
    }

    private func stepTracker(_ endpoint: UInt32) {
        let rank = network.state.ends.rank(of: endpoint)
        guard let tracker = trackers[rank] else { return stepPlanner(Rank(Int32(rank)), endpoint) }
        for rank in tracker.dead { tracker.node.died(rank, now: network.now) }
        tracker.dead.removeAll()
        _ = tracker.node.step(now: network.state.now)
        if options.checksInvariants { tracker.node.machine.checkInvariants() }
        let news = tracker.node.takeWarnings()
        if !news.isEmpty { warnings.add(news, at: network.now) }
        network.state.setAlarm(endpoint, at: tracker.node.alarm)
    }

    private func stepDownload(_ peer: SimulatedPeer, _ endpoint: UInt32) {
        _ = peer.download.step(now: network.state.now)
        if options.checksInvariants { peer.download.machine.checkInvariants() }
        takeHeirNotes(of: peer, Rank(Int32(endpoint / 2)))
        takeNews(of: peer)
        if peer.toUpload.hasToBeRead { network.state.endpoints.markReady(endpoint + 1) }
        if peer.download.isOver {
            network.state.endpoints.close(endpoint)
            left(endpoint)
        } else {
            network.state.stepped(endpoint, alarm: peer.download.alarm)
        }
    }

    private func stepUpload(_ peer: SimulatedPeer, _ endpoint: UInt32) {
        _ = peer.upload.step(now: network.state.now)
        if options.checksInvariants { peer.upload.machine.checkInvariants() }
        if !peer.toDownload.isEmpty { network.state.endpoints.markReady(endpoint - 1) }
        if peer.upload.isOver {
            network.state.endpoints.close(endpoint)
            left(endpoint)
        } else {
            network.state.stepped(endpoint, alarm: peer.upload.alarm)
        }
    }

    /// A rank has left when both of its threads have.
    func left(_ endpoint: UInt32) {
        let ends = network.state.ends
        let rank = ends.rank(of: endpoint)
        guard !network.state.endpoints.isOpen(ends.download(of: rank)),
            !network.state.endpoints.isOpen(ends.upload(of: rank))
        else { return }
        presence.left(rank, at: network.now)
    }
}
