import Swarm

extension SimulatedJob {
    /// The number of times that all machines took branches which ordinary runs hardly ever take.
    package var branches: [(name: String, count: Int)] {
        var counts = JobBranches(ofPublishing: options.kind == .staged)
        for peer in peers { peer.map { counts.add($0) } }
        counts.add(warnings)
        if let stage { counts.add(heirs: stage.heirCount) }
        if options.collected != nil { counts.add(network.state.collected) }
        return counts.rows
    }
}
