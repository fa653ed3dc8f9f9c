import Vocabulary

/// The effects of faults on a network.
extension NetworkState {
    /// A paused rank receives everything and does nothing, until it goes on.
    mutating func setPaused(_ rank: Rank, _ isPaused: Bool) {
        if isPaused { watch?.wasStruck[Int(rank.raw)] = true }
        for endpoint in ends.all(of: Int(rank.raw)) {
            endpoints[Int(endpoint)].isPaused = isPaused
            if !isPaused { markReady(endpoint) }
        }
    }

    mutating func setCapacity(of rank: Int, up: Double, down: Double) {
        guard links.upCapacity(of: rank) != up || links.downCapacity(of: rank) != down else {
            return
        }
        links.setCapacity(of: rank, up: up, down: down, now: now)
        scheduleFlows()
    }
}
