import Node
import Swarm

/// Counts of the branches that ordinary runs hardly ever take, over all machines of a job.
struct JobBranches {
    private let isOfPublishing: Bool
    private(set) var rows: [(name: String, count: Int)]
    private let slowSends: Int
    private let lapses: Int

    init(ofPublishing isOfPublishing: Bool) {
        self.isOfPublishing = isOfPublishing
        rows = []
        rows = Self.counts(RareBranches(), isOfPublishing)
        slowSends = rows.count
        lapses = rows.count + 1
        rows += [("slow send", 0), ("lapsed offer", 0)]
    }

    mutating func add(_ peer: SimulatedPeer) {
        let counts = Self.counts(peer.download.machine.branches, isOfPublishing)
        for (place, branch) in counts.enumerated() { rows[place].count += branch.count }
        rows[slowSends].count += peer.upload.machine.slowSendCount
        rows[lapses].count += peer.upload.machine.lapseCount
    }

    mutating func add(_ warnings: JobWarnings) {
        let warnings = warnings.rows.map(\.warning)
        rows.append(("lost peer", warnings.count { if case .lost = $0 { true } else { false } }))
        rows.append(
            ("returned peer", warnings.count { if case .returned = $0 { true } else { false } }))
    }

    mutating func add(_ collected: CollectedTable) {
        rows.append(("collected source", collected.rows.count { $0.isNamed }))
        rows.append(("removed source", collected.removedCount))
    }

    mutating func add(heirs count: Int) { rows.append(("heir", count)) }

    private static func counts(
        _ branches: RareBranches, _ isOfPublishing: Bool
    ) -> [(name: String, count: Int)] {
        isOfPublishing ? branches.all + branches.ofPublishing : branches.all
    }
}
