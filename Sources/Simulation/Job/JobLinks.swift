import Swarm
import Vocabulary

/// The links of a job without faults, in bytes per second, and the least time in which they can
/// carry its content to all ranks.
struct JobLinks {
    /// By rank.
    let up: [Double]
    let down: [Double]
    /// The time before which no run can end.
    let bound: Duration
    private let options: SimulationOptions

    private static let mostWithFaults = 1e12

    init(_ options: SimulationOptions, _ links: FairLinks) {
        self.options = options
        let ranks = 0..<options.rankCount
        up = ranks.map { links.upCapacity(of: $0) }
        down = ranks.map { links.downCapacity(of: $0) }
        bound = Self.bound(options, up: up, down: down)
    }

    /// The larger of two bounds: bytes over capacities (Kumar and Ross), and, among equally fast
    /// ranks with unlimited receiving, whole rounds of one piece (Mundinger, Weber and Weiss).
    private static func bound(
        _ options: SimulationOptions, up: [Double], down: [Double]
    ) -> Duration {
        let bytes = options.wantedByteCount
        let peers = options.firstReceiver..<options.rankCount
        guard !peers.isEmpty else { return .zero }
        if let collected = options.collected {
            return bound(options, collected, up: up, down: down)
        }
        // The ranks that track a staged job are receivers like the others.
        let others = options.kind == .staged ? options.trackers : 0
        let count = peers.count + others
        let slowest = peers.map { down[$0] }.min() ?? .infinity
        let sourceUp = options.sourceUp * Double(options.sources)
        let all = peers.reduce(sourceUp + Double(others) * options.peerUp) { $0 + up[$1] }
        var seconds = max(bytes / sourceUp, bytes / slowest, Double(count) * bytes / all)
        let isEven =
            options.sources == 1 && options.slowShare == 0
            && options.sourceUp == options.peerUp && options.peerDown >= options.peerUp
        if isEven {
            let doublings = Double(Int.bitWidth - 1 - count.leadingZeroBitCount)
            let rounds = 1 + doublings / Double(options.files * options.pieces)
            seconds = max(seconds, bytes / options.peerUp * rounds)
        }
        return .nanoseconds(Int64(seconds * 1e9))
    }

    /// Each source goes to another rank, except those of the ranks that write, and rank 0 writes no
    /// fewer than any other of them.
    private static func bound(
        _ options: SimulationOptions, _ collected: CollectedOptions, up: [Double], down: [Double]
    ) -> Duration {
        let own = collected.isOfFirst ? 1 : 0
        let count = options.sources + options.peers + own
        let writers = min(collected.writersMax, count)
        let received = (count + writers - 1) / writers - own
        let slowest = up[min(writers, up.count - 1)...].min() ?? .infinity
        let seconds = options.byteCount * max(1 / slowest, Double(received) / down[0])
        return .nanoseconds(Int64(seconds * 1e9))
    }

    /// The bound of the same job without the peers whose links are slow.
    var boundWithoutSlow: Duration {
        let slow = Self.slowPeers(options)
        guard !slow.isEmpty else { return bound }
        var quick = options
        quick.peers -= slow.count
        quick.slowShare = 0
        return JobLinks(quick, Self.fairLinks(quick)).bound
    }

    /// The slow peers, counted from the first peer that wants something.
    static func slowPeers(_ options: SimulationOptions) -> Set<Int> {
        var order = Array(0..<options.peers)
        var chance = Chance(seed: options.seed ^ 0x736C_6F77)
        chance.permute(&order)
        let count = Int((Double(options.peers) * options.slowShare).rounded())
        return Set(order.prefix(count))
    }

    /// The links of all ranks; the seed chooses the slow peers.
    static func fairLinks(_ options: SimulationOptions) -> FairLinks {
        let isPeer = options.kind == .staged
        var up = [Double](repeating: isPeer ? options.peerUp : .infinity, count: options.trackers)
        var down = [Double](
            repeating: isPeer ? options.peerDown : .infinity, count: options.trackers)
        for _ in 0..<options.sources {
            up.append(options.sourceUp)
            down.append(options.sourceDown)
        }
        let slow = slowPeers(options)
        for peer in 0..<options.peers {
            guard slow.contains(peer) else {
                up.append(options.peerUp)
                down.append(options.peerDown)
                continue
            }
            // Slow in both directions, even if the others may receive without limit.
            up.append(options.peerUp / options.slowFactor)
            down.append(min(options.peerUp, options.peerDown) / options.slowFactor)
        }
        // A link that is paused needs a finite capacity to come back to.
        if !options.faults.isNone { up = up.map { min($0, mostWithFaults) } }
        guard options.rankCount >= options.coarseLinksFrom else {
            return FairLinks(up: up, down: down)
        }
        return FairLinks(
            up: up, down: down, tolerance: options.coarseTolerance,
            updatesMax: options.coarseUpdatesMax)
    }
}
