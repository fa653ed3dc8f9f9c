package import Swarm
package import Vocabulary

/// A tracker at work.
package typealias TrackerNode<Network: Transport & ~Copyable> = MachineNode<Tracker, Network>

extension MachineNode where Machine == Tracker, Network: ~Copyable {
    package init(
        rules: TrackerRules, network: consuming Network, trace: Trace? = nil, now: Tick
    ) {
        self.init(network, trace: trace, now: now) { _, effects in
            Tracker(rules: rules, now: now, effects: &effects)
        }
    }

    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        tell(now: now) { $0.died(rank, now: now, effects: &$1) }
    }

    package mutating func giveUp(now: Tick) {
        tell(now: now) { $0.giveUp(now: now, effects: &$1) }
    }

    package mutating func takeWarnings() -> [TrackerWarning] {
        takeOrders().compactMap { if case .warn(let warning) = $0 { warning } else { nil } }
    }
}
