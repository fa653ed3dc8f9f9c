import Node
import Staging
import Swarm
import Vocabulary

/// A job that collects: each source is a content of its own, which one of a few ranks writes. A
/// rank has finished when its source has a copy.
extension SimulatedStage {
    static func collect(
        _ collected: CollectedOptions, _ options: SimulationOptions, _ wish: inout StageWish
    ) {
        var collect = StageWish.Collect()
        collect.isOfEachRank = !collected.isOfEachHost
        collect.writersMax = collected.writersMax
        wish.sharing = .collected(collect)
        wish.write(by: options.peerRanks.map { Rank(Int32($0)) })
    }

    /// The contents that the job collects; none in other jobs.
    var collectedContents: [CollectedContent] {
        options.collected == nil ? [] : plan?.collected(publications) ?? []
    }

    /// The rules of the first tracker.
    func set(_ rules: inout TrackerRules, by plan: StagePlan) {
        rules.roomGroups = plan.roomGroups
        rules.roomContentCount = plan.roomContentCount
        rules.unordered = plan.unordered(of: options.rankCount)
        rules.collected = collectedContents
        rules.removal = options.collected?.removal ?? .never
    }

    /// The ranks whose source it is, at a rank that reads it.
    private func owners(ofSourceAt reader: Rank) -> [Rank] {
        guard options.collected?.isOfEachHost == true else { return [reader] }
        return options.peerRanks.map { Rank(Int32($0)) }
            .filter { seesSource($0) && host(of: $0) == host(of: reader) }
    }

    /// Nothing is required of a rank whose source is read or written by another one that may fail.
    func beginCollecting(_ faults: inout FaultPlan) {
        guard options.collected != nil else { return }
        for content in collectedContents {
            network.state.collected.add(content, owners: owners(ofSourceAt: content.source))
        }
        let (kinds, disks) = (faults.kinds, faults.disks)
        let isDemanded = faults.isDemanded
        excuse(&faults) { content in
            let isReadable = disks[Int(content.source.raw)]?.isReadable ?? true
            return !isReadable
                || [content.source, content.writer].contains { rank in
                    rank == .first
                        ? kinds.contains(.killedTrackers) : !isDemanded[Int(rank.raw)]
                }
        }
    }

    /// A stop that comes after its planned end lasts until everything heals.
    func stopped(_ rank: Rank, at now: Tick, _ faults: inout FaultPlan) {
        let isAway = !faults.steps.contains {
            $0.kind == .stoppedTracker && $0.isEnd && $0.time > now
        }
        if isAway { excuse(&faults) { $0.source == rank || $0.writer == rank } }
    }

    private func excuse(
        _ faults: inout FaultPlan, where mayFail: (CollectedContent) -> Bool
    ) {
        for row in network.state.collected.rows where mayFail(row.collected) {
            for owner in row.owners { faults.excuse(owner) }
        }
        network.state.finishes.demand(faults.isDemanded)
    }

    /// Whether the ranks that read and write what must get a copy know that content: without the
    /// tracker, no other rank could describe it.
    func isCollecting(_ peers: [SimulatedPeer?], _ faults: FaultPlan) -> Bool {
        network.state.collected.rows.allSatisfy { row in
            guard row.owners.contains(where: { faults.isDemanded[Int($0.raw)] }) else {
                return true
            }
            return [row.collected.source, row.collected.writer].allSatisfy { rank in
                guard let machine = peers[Int(rank.raw)]?.download.machine else { return false }
                return machine.stage != .joining && machine.stage != .waiting
                    && machine.hasIdentified
            }
        }
    }
}
