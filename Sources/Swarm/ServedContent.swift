import Vocabulary

/// What an uploader knows of one content: what we hold of it, and what our neighbours hold.
///
/// Invariant: a neighbour's `lacking` is how many of the held pieces it is not known to hold.
struct ServedContent: Sendable {
    struct Neighbour: Sendable {
        let link: Int
        var holds: PieceSet
        var isInterested = false
        var lacking: Int
        /// Got since it was last told, and of no use to it: it hears of them with the next news.
        var untold: [PieceIndex] = []
    }

    let content: ContentID
    let geometry: Geometry
    let isOwned: Bool
    private(set) var held: PieceSet
    private(set) var neighbours: [Neighbour] = []
    private var ranks: [Rank] = []
    /// What is held, in the order in which it should be spread: by how many neighbours hold it,
    /// or, where we own it, by how often we sent it.
    private(set) var order: RarityOrder
    /// Got in this step, and not yet announced.
    var fresh: [PieceIndex] = []

    init(_ content: ContentID, _ geometry: Geometry, isOwned: Bool) {
        self.content = content
        self.geometry = geometry
        self.isOwned = isOwned
        let count = geometry.pieceCount
        held = isOwned ? PieceSet(all: count) : PieceSet(none: count)
        order = isOwned ? RarityOrder(all: count) : RarityOrder(none: count)
    }

    func neighbourIndex(of rank: Rank) -> Int? { ranks.firstIndex(of: rank) }

    func rank(of neighbour: Int) -> Rank { ranks[neighbour] }

    mutating func stored(_ piece: PieceIndex) -> Bool {
        guard held.insert(piece) else { return false }
        order.insert(piece)
        fresh.append(piece)
        for place in neighbours.indices where !neighbours[place].holds.contains(piece) {
            neighbours[place].lacking += 1
        }
        return true
    }

    mutating func served(_ piece: PieceIndex) { if isOwned { order.raise(piece) } }

    mutating func noteNeighbour(_ rank: Rank, link: Int, holds pieces: PieceSet) {
        guard let place = neighbourIndex(of: rank) else {
            neighbours.append(
                Neighbour(
                    link: link, holds: PieceSet(none: geometry.pieceCount), lacking: held.count))
            ranks.append(rank)
            return noteNeighbour(rank, link: link, holds: pieces)
        }
        var next = pieces.first(notIn: neighbours[place].holds)
        while let piece = next {
            got(place, piece)
            next = pieces.first(from: piece.position + 1, notIn: neighbours[place].holds)
        }
    }

    mutating func got(_ place: Int, _ piece: PieceIndex) {
        guard piece.position < geometry.pieceCount, neighbours[place].holds.insert(piece) else {
            return
        }
        if held.contains(piece) { neighbours[place].lacking -= 1 }
        if !isOwned { order.raise(piece) }
    }

    mutating func removeNeighbour(_ place: Int) {
        if !isOwned {
            var next = neighbours[place].holds.first()
            while let piece = next {
                order.lower(piece)
                next = neighbours[place].holds.first(from: piece.position + 1)
            }
        }
        neighbours.remove(at: place)
        ranks.remove(at: place)
    }

    mutating func setInterest(_ place: Int, _ isInterested: Bool) {
        neighbours[place].isInterested = isInterested
    }

    /// What a neighbour is to be told now: all it was not told, if it lacks some of the fresh
    /// pieces or has not heard of too many.
    mutating func news(for place: Int, untoldMax: Int, tellsHolders: Bool) -> [PieceIndex] {
        var isNews = false
        for piece in fresh {
            let isLacked = !neighbours[place].holds.contains(piece)
            isNews = isNews || isLacked
            if isLacked || tellsHolders { neighbours[place].untold.append(piece) }
        }
        guard isNews || neighbours[place].untold.count >= untoldMax else { return [] }
        defer { neighbours[place].untold.removeAll(keepingCapacity: true) }
        return neighbours[place].untold
    }

    func checkInvariants() {
        held.checkInvariants()
        order.checkInvariants()
        precondition(fresh.allSatisfy { held.contains($0) }, "announced but not held")
        precondition(order.count == held.count, "the order is not of the held pieces")
        precondition(ranks.count == neighbours.count, "the neighbours' ranks drifted")
        for neighbour in neighbours {
            precondition(
                neighbour.lacking == held.count(notIn: neighbour.holds), "lacking drifted")
        }
    }
}
