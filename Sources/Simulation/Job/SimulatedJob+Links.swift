import Vocabulary

extension SimulatedJob {
    private static let mostWithFaults = 1e12

    /// Which peers are slow, counted from the first that wants something.
    static func slowPeers(_ options: SimulationOptions) -> Set<Int> {
        var order = Array(0..<options.peers)
        var chance = Chance(seed: options.seed ^ 0x736C_6F77)
        chance.permute(&order)
        let count = Int((Double(options.peers) * options.slowShare).rounded())
        return Set(order.prefix(count))
    }

    /// Links as the options say; which peers are slow is a matter of the seed.
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
            // Slow in both directions, also where the others may receive without limit.
            up.append(options.peerUp / options.slowFactor)
            down.append(min(options.peerUp, options.peerDown) / options.slowFactor)
        }
        // A link that stands still for a while must have a limit to come back to.
        if !options.faults.isNone { up = up.map { min($0, mostWithFaults) } }
        guard options.rankCount >= options.coarseLinksFrom else {
            return FairLinks(up: up, down: down)
        }
        return FairLinks(
            up: up, down: down, tolerance: options.coarseTolerance,
            updatesMax: options.coarseUpdatesMax)
    }
}
