import Vocabulary

/// Prefers at each interval the few neighbours that gave most since the last one, with ties at
/// random, or any few when this rank has everything. At intervals of its own it serves one more in
/// turn, so that newcomers get a first piece and better partners are found. A place that no
/// neighbour has had yet goes to the next one that becomes interested; a place that was given away
/// is kept until the next review.
///
/// Invariant: `turns` holds every link once; the last optimistic one stands last.
struct TitForTat: Choker {
    private let preferredMax: Int
    private let interval: Duration
    private let optimisticInterval: Duration
    private let optimisticStays: Bool
    private var nextPreferred = Tick.zero
    private var nextOptimistic = Tick.zero
    private(set) var preferred: [Int] = []
    private(set) var optimistic: Int?
    private var turns: [Int] = []
    private var mayHaveRoom = false

    init(_ rules: UploaderRules) {
        preferredMax = rules.preferredMax
        interval = rules.unchokingInterval
        optimisticInterval = rules.optimisticUnchokingInterval
        optimisticStays = rules.optimisticStays
    }

    var chokesNewcomers: Bool { true }
    var nextReview: Tick { mayHaveRoom ? .zero : min(nextPreferred, nextOptimistic) }

    mutating func interestChanged() { mayHaveRoom = true }

    mutating func review(
        _ links: inout [LinkRow], isComplete: Bool, now: Tick, chance: inout Chance
    ) -> [Int]? {
        takeTurns(links.count, &chance)
        let isDue = nextPreferred <= now
        let isOptimisticDue = nextOptimistic <= now
        guard isDue || isOptimisticDue || mayHaveRoom else { return nil }
        if isDue {
            nextPreferred = now + interval
            prefer(links, isComplete: isComplete, &chance)
            for link in links.indices { links[link].received = 0 }
        } else if mayHaveRoom {
            fillUp(links, isComplete: isComplete, &chance)
        }
        if isOptimisticDue {
            nextOptimistic = now + optimisticInterval
            nextInTurn(links)
        } else if mayHaveRoom, optimistic == nil {
            nextInTurn(links)
        }
        mayHaveRoom = false
        // A neighbour that has become preferred leaves the place of its turn empty until the next
        // turn.
        let extra = optimistic.map { preferred.contains($0) ? [] : [$0] } ?? []
        return preferred + extra
    }

    /// Newcomers get a random place among those that are still to have their turn.
    private mutating func takeTurns(_ count: Int, _ chance: inout Chance) {
        while turns.count < count {
            turns.insert(turns.count, at: chance.below(turns.count + 1))
        }
    }

    private mutating func prefer(
        _ links: [LinkRow], isComplete: Bool, _ chance: inout Chance
    ) {
        let candidates = links.indices.filter { links[$0].isServable }
        let best = inOrder(candidates, links, isComplete: isComplete, &chance)
        preferred = Array(best.prefix(preferredMax))
    }

    private func inOrder(
        _ candidates: [Int], _ links: [LinkRow], isComplete: Bool, _ chance: inout Chance
    ) -> [Int] {
        var candidates = candidates
        chance.permute(&candidates)
        // The sort keeps equals in their shuffled order: ties are random.
        if !isComplete { candidates.sort { links[$0].received > links[$1].received } }
        return candidates
    }

    /// Fills only places that no neighbour has had. If the places of neighbours that want nothing
    /// at the moment were given to others, partners would change with nearly every piece.
    private mutating func fillUp(
        _ links: [LinkRow], isComplete: Bool, _ chance: inout Chance
    ) {
        guard preferred.count < preferredMax else { return }
        let candidates = links.indices.filter {
            links[$0].isServable && !preferred.contains($0) && $0 != optimistic
        }
        let best = inOrder(candidates, links, isComplete: isComplete, &chance)
        preferred += best.prefix(preferredMax - preferred.count)
    }

    private mutating func nextInTurn(_ links: [LinkRow]) {
        let last = optimistic
        optimistic = nil
        let place = turns.firstIndex { turn in
            links[turn].isServable && links[turn].isChoked && !preferred.contains(turn)
        }
        guard let place else {
            // No other one waits: if it were choked, its place would be empty.
            guard optimisticStays, let last, links[last].isServable, !preferred.contains(last)
            else { return }
            optimistic = last
            return
        }
        let chosen = turns.remove(at: place)
        turns.append(chosen)
        optimistic = chosen
    }
}
