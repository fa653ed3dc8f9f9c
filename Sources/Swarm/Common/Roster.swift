import Vocabulary

/// Ranks by place, close together in memory: nearly every message looks up a rank here.
struct Roster: Equatable, Sendable {
    private var ranks: [Int32] = []

    var count: Int { ranks.count }

    subscript(place: Int) -> Rank { Rank(ranks[place]) }

    func place(of rank: Rank) -> Int? {
        let raw = rank.raw
        for place in 0..<ranks.count where ranks[place] == raw { return place }
        return nil
    }

    mutating func append(_ rank: Rank) { ranks.append(rank.raw) }

    mutating func remove(at place: Int) { ranks.remove(at: place) }
}
