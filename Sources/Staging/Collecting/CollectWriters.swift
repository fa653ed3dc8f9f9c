import Content
import Vocabulary

/// The ranks that write what is collected, and which of them writes which view.
///
/// Invariant: each of them writes at least one view, and the first rank is one of them.
struct CollectWriters {
    let ranks: [Rank]
    /// By view.
    let ofViews: [Rank]

    /// `first` is the first rank. A view is written by its lister if that writes, because its bytes
    /// then stay on their node. The largest of the others come first, each to the rank that has the
    /// fewest bytes to write so far.
    init(_ collect: StageWish.Collect, first: Rank, _ input: StagePlan.Input, sizes: [Int64]) {
        let listers = Set(input.views.map(\.lister))
        let ranks = Self.ranks(collect, first: first, listers, input.surveys)
        var loads = [Int64](repeating: 0, count: ranks.count)
        var places = [Int?](repeating: nil, count: sizes.count)
        for (view, lister) in input.views.map(\.lister).enumerated() {
            guard let place = ranks.firstIndex(of: lister) else { continue }
            places[view] = place
            loads[place] += sizes[view]
        }
        let others = sizes.indices.filter { places[$0] == nil }
        for view in others.sorted(by: { (sizes[$1], $0) < (sizes[$0], $1) }) {
            let isIdle = { (place: Int) in !places.contains(place) }
            let place =
                ranks.indices.first(where: isIdle)
                ?? ranks.indices.min { loads[$0] < loads[$1] } ?? 0
            places[view] = place
            loads[place] += sizes[view]
        }
        self.ranks = ranks
        ofViews = places.map { ranks[$0 ?? 0] }
    }

    /// Ranks of different nodes come before others, and ranks that have a source before others. No
    /// more ranks write than there are views.
    private static func ranks(
        _ collect: StageWish.Collect, first: Rank, _ listers: Set<Rank>, _ surveys: [Rank: Survey]
    ) -> [Rank] {
        let able = collect.ranksThatSee.filter { $0 != first && surveys[$0] != nil }
        let sorted = able.filter(listers.contains) + able.filter { !listers.contains($0) }
        var nodes = Set([surveys[first]?.node])
        var (ranks, others) = ([first], [Rank]())
        for rank in sorted {
            if nodes.insert(surveys[rank]?.node).inserted {
                ranks.append(rank)
            } else {
                others.append(rank)
            }
        }
        let count = max(1, min(collect.writersMax, listers.count))
        return Array((ranks + others).prefix(count))
    }
}
