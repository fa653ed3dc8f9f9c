import Vocabulary

extension SimulatedJob {
    /// The larger of two bounds: bytes over capacities (Kumar and Ross), and, among equally fast
    /// ranks with unlimited receiving, whole rounds of one piece (Mundinger, Weber and Weiss).
    static func bound(_ options: SimulationOptions, up: [Double], down: [Double]) -> Duration {
        let bytes = options.byteCount
        let peers = options.firstReceiver..<options.rankCount
        guard !peers.isEmpty else { return .zero }
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
            let rounds = 1 + doublings / Double(options.pieces)
            seconds = max(seconds, bytes / options.peerUp * rounds)
        }
        return .nanoseconds(Int64(seconds * 1e9))
    }

    /// The bound of the same job without the peers whose links are slow.
    var boundWithoutSlow: Duration {
        let slow = Self.slowPeers(options)
        guard !slow.isEmpty else { return bound }
        var quick = options
        quick.peers -= slow.count
        quick.slowShare = 0
        let links = Self.links(quick)
        let ranks = 0..<quick.rankCount
        return Self.bound(
            quick, up: ranks.map { links.upCapacity(of: $0) },
            down: ranks.map { links.downCapacity(of: $0) })
    }
}
