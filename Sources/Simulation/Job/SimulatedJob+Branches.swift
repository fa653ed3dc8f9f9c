import Node
import Swarm

extension SimulatedJob {
    /// The number of times that all machines took branches which ordinary runs hardly ever take.
    package var branches: [(name: String, count: Int)] {
        var rows = rare(RareBranches())
        var slowSends = 0
        var lapses = 0
        for peer in peers {
            guard let peer else { continue }
            for (place, branch) in rare(peer.download.machine.branches).enumerated() {
                rows[place].count += branch.count
            }
            slowSends += peer.upload.machine.slowSendCount
            lapses += peer.upload.machine.lapseCount
        }
        rows.append(("slow send", slowSends))
        rows.append(("lapsed offer", lapses))
        rows.append(("lost peer", warnings.count { if case .lost = $0 { true } else { false } }))
        rows.append(
            ("returned peer", warnings.count { if case .returned = $0 { true } else { false } }))
        if options.kind == .staged { rows.append(("heir", heirCount)) }
        return rows
    }

    private func rare(_ branches: RareBranches) -> [(name: String, count: Int)] {
        options.kind == .staged ? branches.all + branches.ofPublishing : branches.all
    }
}
