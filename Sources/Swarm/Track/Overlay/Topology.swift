package import Vocabulary

/// The graph of super-peers that know each other. Edges have no direction; trackers are the ranks
/// from 0 up to their count. Invariant: no tracker is its own neighbour, and every list is sorted.
package struct Topology: Equatable, Sendable {
    private let lists: [[Rank]]

    package var trackerCount: Int { lists.count }

    package func neighbours(of tracker: Rank) -> [Rank] { lists[Int(tracker.raw)] }

    private init(lists: [[Rank]]) { self.lists = lists }

    package static func full(_ count: Int) -> Topology {
        Topology(
            lists: (0..<count).map { own in
                (0..<count).filter { $0 != own }.map { Rank(Int32($0)) }
            })
    }

    package static func line(_ count: Int) -> Topology {
        Topology(count, edges: (1..<max(1, count)).map { ($0 - 1, $0) })
    }

    package static func ring(_ count: Int) -> Topology {
        guard count > 2 else { return line(count) }
        return Topology(count, edges: (0..<count).map { ($0, ($0 + 1) % count) })
    }

    /// Repeated edges, in either direction, count once. Both ends have to be below `count`, and
    /// different.
    package init(_ count: Int, edges: [(Int, Int)]) {
        var lists = [[Rank]](repeating: [], count: count)
        for (one, other) in edges {
            precondition(one != other, "a tracker is its own neighbour")
            for (from, to) in [(one, other), (other, one)] {
                let rank = Rank(Int32(to))
                if !lists[from].contains(rank) { lists[from].append(rank) }
            }
        }
        self.lists = lists.map { $0.sorted() }
    }

    /// The number of hops from `origin` to each tracker over living ones; nil where no path leads.
    package func distances(from origin: Rank, without lost: [Bool] = []) -> [Int?] {
        var found = [Int?](repeating: nil, count: lists.count)
        found[Int(origin.raw)] = 0
        var queue = [origin]
        var next = 0
        while next < queue.count {
            let tracker = queue[next]
            next += 1
            let hops = (found[Int(tracker.raw)] ?? 0) + 1
            for neighbour in lists[Int(tracker.raw)] {
                let place = Int(neighbour.raw)
                guard found[place] == nil, lost.isEmpty || !lost[place] else { continue }
                found[place] = hops
                queue.append(neighbour)
            }
        }
        return found
    }

    /// The number of other trackers that a query of `origin` reaches.
    package func reach(
        from origin: Rank, within timeToLive: Int, without lost: [Bool] = []
    ) -> Int {
        distances(from: origin, without: lost).count {
            if let hops = $0 { hops > 0 && hops <= timeToLive } else { false }
        }
    }

    /// The lowest tracker to which no path leads from tracker 0, if any.
    package var firstUnreachable: Rank? {
        guard !lists.isEmpty else { return nil }
        return distances(from: .first).firstIndex { $0 == nil }.map { Rank(Int32($0)) }
    }

    /// The number of hops between the two trackers that are farthest apart. A lower time to live
    /// does not reach all trackers.
    package var diameter: Int {
        lists.indices.reduce(0) { most, origin in
            let farthest = distances(from: Rank(Int32(origin))).reduce(0) { max($0, $1 ?? 0) }
            return max(most, farthest)
        }
    }
}
