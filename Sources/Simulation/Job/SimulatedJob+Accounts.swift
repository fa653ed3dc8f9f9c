import Node
package import Swarm

extension SimulatedJob {
    /// The accounts of the peers, as the root has them.
    package var accounts: [PeerRow] {
        for tracker in trackers {
            guard let tracker, tracker.node.machine.isRoot else { continue }
            return tracker.node.machine.accounts
        }
        return []
    }

    /// Bytes per second that all peers and sources together can send.
    package var uploadCapacity: Double { options.peerRanks.reduce(0) { $0 + links.up[$1] } }
}
