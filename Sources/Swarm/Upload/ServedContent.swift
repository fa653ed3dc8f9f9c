import Vocabulary

/// What an uploader knows of one content: what we hold of it, and what our neighbours hold.
///
/// Invariant: a neighbour's `lacking` is how many of the held pieces it is not known to hold.
struct ServedContent: Sendable {
    struct Neighbour: Sendable {
        let link: Int
        var isInterested = false
        var lacking: Int
        /// How much of the log it has heard.
        var told: Int
    }

    let content: ContentID
    let geometry: Geometry
    let isOwned: Bool
    /// It is here no more.
    var isVacant = false
    private(set) var held: PieceSet
    private(set) var neighbours: [Neighbour] = []
    /// What they hold, a row each.
    private(set) var holdings: PieceTable
    /// The ranks of `neighbours`.
    private(set) var roster = Roster()
    /// What is held, in the order in which it should be spread: by how many neighbours hold it,
    /// or, where we own it, by how often we sent it.
    private(set) var order: RarityOrder
    /// What we got, in the order in which it came.
    private(set) var log: [PieceIndex] = []
    /// Who passes on what we own.
    private(set) var firstCopies = FirstCopies()
    /// How much of the log has been announced, or is kept back for those who can wait.
    private(set) var announcedCount = 0

    /// Who has all of it from the start is where it comes from.
    init(_ content: ContentID, _ geometry: Geometry, held: PieceSet) {
        precondition(held.capacity == geometry.pieceCount, "the pieces of another content")
        self.content = content
        self.geometry = geometry
        self.held = held
        isOwned = held.isFull
        let count = geometry.pieceCount
        holdings = PieceTable(pieceCount: count)
        order = isOwned ? RarityOrder(all: count) : RarityOrder(none: count)
        guard !isOwned else { return }
        var next = held.first()
        while let piece = next {
            order.insert(piece)
            next = held.first(from: piece.position + 1)
        }
    }

    mutating func stored(_ piece: PieceIndex) -> Bool {
        guard held.insert(piece) else { return false }
        order.insert(piece)
        log.append(piece)
        for place in neighbours.indices where !holdings.contains(piece, in: place) {
            neighbours[place].lacking += 1
        }
        return true
    }

    /// It cannot be read back. Whoever counts on it hears so when it asks for it.
    mutating func lost(_ piece: PieceIndex) -> Bool {
        guard held.remove(piece) else { return false }
        order.remove(piece)
        let entry = log.firstIndex(of: piece)
        if let entry {
            log.remove(at: entry)
            if entry < announcedCount { announcedCount -= 1 }
        }
        for place in neighbours.indices {
            if let entry, entry < neighbours[place].told { neighbours[place].told -= 1 }
            if !holdings.contains(piece, in: place) { neighbours[place].lacking -= 1 }
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
                Neighbour(link: link, lacking: held.count, told: announcedCount))
            roster.append(rank)
            holdings.appendRow()
            return noteNeighbour(rank, link: link, holds: pieces)
        }
        var next = pieces.first()
        while let piece = next {
            got(place, piece)
            next = pieces.first(from: piece.position + 1)
        }
    }

    mutating func got(_ place: Int, _ piece: PieceIndex) {
        guard piece.position < geometry.pieceCount, holdings.insert(piece, in: place) else {
            return
        }
        if held.contains(piece) { neighbours[place].lacking -= 1 }
        if isOwned {
            firstCopies.got(piece, by: neighbours[place].link)
        } else {
            order.raise(piece)
        }
    }

    /// A piece that we own is being sent to that link.
    mutating func gave(_ piece: PieceIndex, to link: Int) {
        guard isOwned else { return }
        let isFirst = !neighbours.indices.contains { holdings.contains(piece, in: $0) }
        firstCopies.gave(piece, of: geometry.pieceCount, to: link, isFirst: isFirst)
    }

    /// Whether that neighbour comes after those that pass on what they get.
    func comesLast(_ place: Int) -> Bool { firstCopies.comesLast(neighbours[place].link) }

    /// The neighbour took back what it said of a piece.
    mutating func lacks(_ place: Int, _ piece: PieceIndex) {
        guard holdings.remove(piece, in: place) else { return }
        if held.contains(piece) { neighbours[place].lacking += 1 }
        if !isOwned { order.lower(piece) }
    }

    mutating func removeNeighbour(_ place: Int) {
        if !isOwned {
            let pieces = holdings.pieces(in: place)
            var next = pieces.first()
            while let piece = next {
                order.lower(piece)
                next = pieces.first(from: piece.position + 1)
            }
        }
        neighbours.remove(at: place)
        holdings.removeRow(place)
        roster.remove(at: place)
    }

    /// What should be spread first comes first, for as long as `look` wants to see more.
    mutating func walk(_ chance: inout Chance, _ look: (PieceIndex) -> Bool) {
        order.walk(&chance, look)
    }

    mutating func newsIsOut() { announcedCount = log.count }

    mutating func hasHeardAll(_ place: Int) { neighbours[place].told = log.count }

    mutating func setInterest(_ place: Int, _ isInterested: Bool) {
        neighbours[place].isInterested = isInterested
    }

    func checkInvariants() {
        held.checkInvariants()
        order.checkInvariants()
        firstCopies.checkInvariants()
        precondition(log.allSatisfy { held.contains($0) }, "announced but not held")
        precondition(announcedCount <= log.count, "more is announced than came")
        precondition(order.count == held.count, "the order is not of the held pieces")
        precondition(roster.count == neighbours.count, "the neighbours' ranks drifted")
        for (place, neighbour) in neighbours.enumerated() {
            precondition(neighbour.told <= log.count, "it heard more than there is")
            precondition(
                neighbour.lacking == held.count(notIn: holdings.pieces(in: place)),
                "lacking drifted")
        }
    }
}
