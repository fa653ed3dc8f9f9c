import Vocabulary

extension SimulatedJob {
    private static let mostWithFaults = 1e12

    /// The slow peers, counted from the first peer that wants something.
    static func slowPeers(_ options: SimulationOptions) -> Set<Int> {
        var order = Array(0..<options.peers)
        var chance = Chance(seed: options.seed ^ 0x736C_6F77)
        chance.permute(&order)
        let count = Int((Double(options.peers) * options.slowShare).rounded())
        return Set(order.prefix(count))
    }

    /// The links of all ranks; the seed chooses the slow peers.
    static func links(_ options: SimulationOptions) -> FairLinks {
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
