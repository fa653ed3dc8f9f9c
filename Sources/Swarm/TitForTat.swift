import Vocabulary

/// Every interval the few that gave most in the last one, ties at random, or any few when we have
/// everything; and in intervals of its own one more in turn, so that newcomers get a first piece
/// and better partners are found.
///
/// Invariant: `turns` holds every link once; who was last served optimistically stands last.
struct TitForTat: Choker {
    private let preferredMax: Int
    private let interval: Duration
    private let optimisticInterval: Duration
    private var nextPreferred = Tick.zero
    private var nextOptimistic = Tick.zero
    private var preferred: [Int] = []
    private var optimistic: Int?
    private var turns: [Int] = []

    init(_ rules: UploaderRules) {
        preferredMax = rules.preferredMax
        interval = rules.unchokingInterval
        optimisticInterval = rules.optimisticUnchokingInterval
    }

    var chokesNewcomers: Bool { true }
    var nextReview: Tick { min(nextPreferred, nextOptimistic) }

    mutating func review(
        _ links: inout [LinkRow], isComplete: Bool, now: Tick, chance: inout Chance
    ) -> [Int]? {
        takeTurns(links.count, &chance)
        let isDue = nextPreferred <= now
        let isOptimisticDue = nextOptimistic <= now
        guard isDue || isOptimisticDue else { return nil }
        if isDue {
            nextPreferred = now + interval
            prefer(links, isComplete: isComplete, &chance)
            for link in links.indices { links[link].received = 0 }
        }
        if isOptimisticDue {
            nextOptimistic = now + optimisticInterval
            nextInTurn(links)
        }
        // Whoever became preferred leaves its turn's place to nobody before the next one.
        let extra = optimistic.map { preferred.contains($0) ? [] : [$0] } ?? []
        return preferred + extra
    }

    /// Newcomers get a random place among those who are still to have their turn.
    private mutating func takeTurns(_ count: Int, _ chance: inout Chance) {
        while turns.count < count {
            turns.insert(turns.count, at: chance.below(turns.count + 1))
        }
    }

    private mutating func prefer(
        _ links: [LinkRow], isComplete: Bool, _ chance: inout Chance
    ) {
        var candidates = links.indices.filter { links[$0].isServable }
        chance.permute(&candidates)
        // The sort keeps equals in their shuffled order: ties are random.
        if !isComplete { candidates.sort { links[$0].received > links[$1].received } }
        preferred = Array(candidates.prefix(preferredMax))
    }

    private mutating func nextInTurn(_ links: [LinkRow]) {
        optimistic = nil
        let place = turns.firstIndex { turn in
            links[turn].isServable && links[turn].isChoked && !preferred.contains(turn)
        }
        guard let place else { return }
        let chosen = turns.remove(at: place)
        turns.append(chosen)
        optimistic = chosen
    }
}
