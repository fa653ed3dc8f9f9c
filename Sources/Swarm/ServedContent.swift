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
    /// The ranks of `neighbours`.
    private(set) var roster = Roster()
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

    mutating func stored(_ piece: PieceIndex) -> Bool {
        guard held.insert(piece) else { return false }
        order.insert(piece)
        fresh.append(piece)
        for place in neighbours.indices where !neighbours[place].holds.contains(piece) {
            neighbours[place].lacking += 1
        }
        return true
    }

    /// It cannot be read back. Whoever counts on it hears so when it asks for it.
    mutating func lost(_ piece: PieceIndex) -> Bool {
        guard held.remove(piece) else { return false }
        order.remove(piece)
        fresh.removeAll { $0 == piece }
        for place in neighbours.indices {
            neighbours[place].untold.removeAll { $0 == piece }
            if !neighbours[place].holds.contains(piece) { neighbours[place].lacking -= 1 }
        }
        return true
    }

    /// Counting ends here: whoever asks for one piece again and again must not make the order's
    /// numbers as long as it likes.
    private static let servedMax = 1 << 12

    mutating func served(_ piece: PieceIndex) {
        if isOwned, order.number(of: piece) < Self.servedMax { order.raise(piece) }
    }

    /// It was called off before it was sent.
    mutating func unserved(_ piece: PieceIndex) { if isOwned { order.lower(piece) } }

    mutating func noteNeighbour(_ rank: Rank, link: Int, holds pieces: PieceSet) {
        guard let place = roster.place(of: rank) else {
            neighbours.append(
                Neighbour(
                    link: link, holds: PieceSet(none: geometry.pieceCount), lacking: held.count))
            roster.append(rank)
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
        roster.remove(at: place)
    }

    mutating func setInterest(_ place: Int, _ isInterested: Bool) {
        neighbours[place].isInterested = isInterested
    }

    /// What a neighbour is to be told now: what it lacks at once, so that it can ask. Where we
    /// offer it need not ask: once it is interested it hears of a few pieces at a time, those it
    /// holds among them, so that in turn it does not offer them to us.
    mutating func news(for place: Int, untoldMax: Int, isOffering: Bool) -> [PieceIndex] {
        let mayWait = isOffering && neighbours[place].isInterested && !held.isFull
        var isUrgent = false
        for piece in fresh {
            let isLacked = !neighbours[place].holds.contains(piece)
            isUrgent = isUrgent || isLacked && !mayWait
            if isLacked || isOffering { neighbours[place].untold.append(piece) }
        }
        guard isUrgent || neighbours[place].untold.count >= untoldMax else { return [] }
        defer { neighbours[place].untold.removeAll(keepingCapacity: true) }
        return neighbours[place].untold
    }

    func checkInvariants() {
        held.checkInvariants()
        order.checkInvariants()
        precondition(fresh.allSatisfy { held.contains($0) }, "announced but not held")
        precondition(order.count == held.count, "the order is not of the held pieces")
        precondition(roster.count == neighbours.count, "the neighbours' ranks drifted")
        for neighbour in neighbours {
            precondition(
                neighbour.lacking == held.count(notIn: neighbour.holds), "lacking drifted")
        }
    }
}
