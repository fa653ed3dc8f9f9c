package import Swarm
package import Vocabulary

/// The download thread of a peer that only asks, over a transport.
package struct QueryNode<Network: Transport & ~Copyable>: ~Copyable, SteppedNode {
    private var node: MachineNode<QueryClient, Network>
    private let inbox: Mailbox<DownloaderNote>
    private var notes: [DownloaderNote] = []

    package init(
        rules: DownloaderRules, share: Share, names: [RelativePath], network: consuming Network,
        inbox: Mailbox<DownloaderNote>, trace: Trace? = nil, now: Tick
    ) {
        node = MachineNode(network, trace: trace, now: now) { rank, effects in
            QueryClient(
                rules: rules, rank: rank, share: share, names: names, now: now,
                effects: &effects)
        }
        self.inbox = inbox
    }

    package var machine: QueryClient { node.machine }

    package var alarm: Tick { node.alarm }

    package var isOver: Bool { node.isOver }

    package var isExpecting: Bool { node.machine.stage == .asking }

    /// The work of a rank that only asks is not reported.
    package func noteNap() {}

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        inbox.empty(into: &notes)
        let isStopping = notes.contains(.stopping)
        notes.removeAll(keepingCapacity: true)
        if isStopping { node.tell(now: now) { $0.end(effects: &$1) } }
        return node.step(now: now) || isStopping
    }

    /// The network, to be closed by its owner.
    package consuming func leave() -> Network { node.leave() }
}

extension QueryClient: NodeMachine {
    package var isOver: Bool { stage == .over }
}
