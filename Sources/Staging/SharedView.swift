package import Vocabulary

/// Ranks that see the same SOURCE: on one node, or on a shared file system. One of them lists it
/// for all, and a few of them read it.
package struct SharedView: Equatable, Sendable {
    /// The position of the SOURCE.
    package let source: Int
    /// Never empty, the lowest first; one rank alone if there is one reader.
    package private(set) var ranks: [Rank]

    package var lister: Rank { ranks[0] }

    /// The views of every source among those ranks that may read it, in the order of their
    /// lowest ranks.
    package static func all(of surveys: [Rank: Survey], _ wish: StageWish) -> [SharedView] {
        let ranks = surveys.keys.sorted().filter { wish.sourceRanks?.contains($0) ?? true }
        var views: [SharedView] = []
        for source in wish.sources.indices {
            var found: [SharedView] = []
            for rank in ranks {
                guard let survey = surveys[rank], let sight = survey.sources[source] else {
                    continue
                }
                let place = found.firstIndex { view in
                    guard let first = surveys[view.lister],
                        let other = first.sources[source]
                    else { return false }
                    let onOneNode = first.node == survey.node
                    if let collecting = wish.collecting {
                        return collecting.isOne(sight, other, onOneNode: onOneNode)
                    }
                    return wish.sharing == .assumed || sight.isSame(as: other, onOneNode)
                }
                if let place {
                    found[place].ranks.append(rank)
                } else {
                    found.append(SharedView(source: source, ranks: [rank]))
                }
            }
            if wish.hasOneReader { found = found.first.map { [$0.read(for: wish)] } ?? [] }
            views += found
        }
        return views
    }

    /// The lister reads everything, and keeps a copy if any of the view does. No other rank stands
    /// in for it: an archive may be another one by then, and its entries need not show that. The
    /// libraries of an executable may lie elsewhere on another node.
    private func read(for wish: StageWish) -> SharedView {
        let keeping = ranks.first { wish.receiverRanks?.contains($0) ?? true }
        return SharedView(source: source, ranks: [keeping ?? ranks[0]])
    }

    /// The ranks that read: one of each node, only a few, and ranks that keep a copy before others,
    /// because they need not receive the pieces that they read.
    func readers(
        _ surveys: [Rank: Survey], receivers: Set<Rank>, atMost readersMax: Int
    ) -> [Rank] {
        let keeping = ranks.filter { receivers.contains($0) }
        // Only a rank that receives the pieces of the other readers can publish all of them.
        guard !keeping.isEmpty else { return [ranks[0]] }
        var nodes: Set<UInt64> = []
        var readers: [Rank] = []
        for rank in keeping where readers.count < readersMax {
            if let node = surveys[rank]?.node, nodes.insert(node).inserted { readers.append(rank) }
        }
        return readers
    }
}

extension SourceProbe {
    fileprivate func isSame(as other: SourceProbe, _ isOneHost: Bool) -> Bool {
        isOneHost ? isSameOnOneHost(as: other) : isSameAcrossHosts(as: other)
    }
}
