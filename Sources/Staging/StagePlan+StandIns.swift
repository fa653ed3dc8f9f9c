import Vocabulary

extension StagePlan {
    /// The ranks that see a published source and can read pieces that no rank sends any more: those
    /// that keep copies, which read only the pieces that they lack. If there are none, a few
    /// others, which then read all of it again.
    static func standIns(
        _ view: SharedView, _ shares: [Rank: ReadShare], _ receivers: Set<Rank>,
        _ surveys: [Rank: Survey]
    ) -> Set<Rank> {
        // A rank that reads all of it has no other to stand in for.
        let others = view.ranks.filter { shares[$0]?.count != 1 }
        let keeping = others.filter { receivers.contains($0) }
        guard keeping.isEmpty else { return Set(keeping) }
        // A failure that ends a reader may end all ranks of its node.
        let readingNodes = Set(shares.keys.compactMap { surveys[$0]?.node })
        let elsewhere = others.filter { rank in
            surveys[rank].map { !readingNodes.contains($0.node) } ?? false
        }
        let besides = others.filter { !elsewhere.contains($0) }
        return Set((elsewhere + besides).prefix(standInsMax))
    }

    private static let standInsMax = 2
}
