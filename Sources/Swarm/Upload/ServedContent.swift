import Vocabulary

/// One content as the uploader sees it: the pieces held here, and those that the neighbours hold.
///
/// Invariant: a neighbour's `lacking` is the number of held pieces that it is not known to hold,
/// and `awaitingCount` the number of neighbours that would take one.
struct ServedContent: Sendable {
    struct Neighbour: Sendable {
        let link: Int
        var isInterested = false
        var lacking: Int
        /// The number of entries of `log` that were announced to it.
        var told: Int

        /// Whether it would take a piece.
        var isAwaiting: Bool { isInterested && lacking > 0 }
    }

    let content: ContentID
    let geometry: Geometry
    let isOwned: Bool
    /// The content is no longer here.
    var isVacant = false
    private(set) var held: PieceSet
    private(set) var neighbours: [Neighbour] = []
    private var awaitingCount = 0
    /// The pieces that the neighbours hold, a row each.
    private(set) var holdings: PieceTable
    /// The ranks of `neighbours`.
    private(set) var roster = Roster()
    /// The held pieces in the order in which they should be spread: by the number of neighbours
    /// that hold them or, for an owned content, by how often this rank sent them.
    private(set) var order: RarityOrder
    /// The pieces that arrived here, in order.
    private(set) var log: [PieceIndex] = []
    /// Tracks which receivers pass on the pieces of an owned content.
    private(set) var firstCopies = FirstCopies()
    /// The number of entries of `log` that were announced, or are held back for neighbours that can
    /// wait.
    private(set) var announcedCount = 0

    private var recent: RecentSends

    /// A rank that has all pieces from the start counts as the content's owner. It can serve about
    /// `recentByteCountMax` of what it sent last without reading it again.
    init(
        _ content: ContentID, _ geometry: Geometry, held: PieceSet, recentByteCountMax: Int = 0
    ) {
        precondition(held.capacity == geometry.pieceCount, "the pieces of another content")
        self.content = content
        self.geometry = geometry
        self.held = held
        isOwned = held.isFull
        let count = geometry.pieceCount
        holdings = PieceTable(pieceCount: count)
        recent = RecentSends(
            countMax: isOwned ? recentByteCountMax / max(1, Int(geometry.pieceLength.raw)) : 0,
            of: count)
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
            change(place) { $0.lacking += 1 }
        }
        return true
    }

    /// The piece cannot be read back. A neighbour that counts on it is refused when it asks for it.
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
            if !holdings.contains(piece, in: place) { change(place) { $0.lacking -= 1 } }
        }
        return true
    }

    /// Counting ends here: a neighbour that asks for one piece again and again must not make the
    /// numbers of the order grow without limit.
    private static let servedMax = 1 << 12

    mutating func served(_ piece: PieceIndex) {
        if isOwned, order.number(of: piece) < Self.servedMax { order.raise(piece) }
    }

    /// The send of the piece was cancelled before it began.
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
        if held.contains(piece) { change(place) { $0.lacking -= 1 } }
        if isOwned {
            firstCopies.got(piece, by: neighbours[place].link)
        } else {
            order.raise(piece)
        }
    }

    /// A piece of an owned content is being sent to that link.
    mutating func gave(_ piece: PieceIndex, to link: Int) {
        guard isOwned else { return }
        recent.sent(piece)
        let isFirst = !neighbours.indices.contains { holdings.contains(piece, in: $0) }
        firstCopies.gave(piece, of: geometry.pieceCount, to: link, isFirst: isFirst)
        while let due = firstCopies.nextDue() {
            guard let place = neighbours.firstIndex(where: { $0.link == due.link }),
                !holdings.contains(due.piece, in: place)
            else { continue }
            firstCopies.isLate(due.piece)
            unserved(due.piece)
        }
    }

    /// Whether that neighbour comes after those that pass on what they get.
    func comesLast(_ place: Int) -> Bool { firstCopies.comesLast(neighbours[place].link) }

    /// The neighbour withdrew its announcement of a piece.
    mutating func lacks(_ place: Int, _ piece: PieceIndex) {
        guard holdings.remove(piece, in: place) else { return }
        if held.contains(piece) { change(place) { $0.lacking += 1 } }
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
        setInterest(place, false)
        neighbours.remove(at: place)
        holdings.removeRow(place)
        roster.remove(at: place)
    }

    /// Visits the pieces in the order in which they should be spread, while `look` returns true. An
    /// owner that has sent all its pieces sends those again first that it still has in memory:
    /// the others have had more time to spread, and would have to be read again.
    mutating func walk(_ chance: inout Chance, _ look: (PieceIndex) -> Bool) {
        guard !recent.isEmpty else {
            order.walk(&chance, look)
            return
        }
        guard order.walk(&chance, ofNumbers: 0..<1, look) else { return }
        let isDone = recent.walk(&chance) { piece in
            !held.contains(piece) || order.number(of: piece) == 0 || look(piece)
        }
        guard isDone else { return }
        let recent = recent
        order.walk(&chance, ofNumbers: 1..<Int.max) { recent.contains($0) || look($0) }
    }

    mutating func newsIsOut() { announcedCount = log.count }

    mutating func hasHeardAll(_ place: Int) { neighbours[place].told = log.count }

    mutating func setInterest(_ place: Int, _ isInterested: Bool) {
        change(place) { $0.isInterested = isInterested }
    }

    /// Whether a neighbour would take a piece that may be offered. Labels are no load for a link,
    /// so whoever wants them asks.
    var isAwaited: Bool { awaitingCount > 0 && geometry.carriesBytes }

    private mutating func change(_ place: Int, _ body: (inout Neighbour) -> Void) {
        if neighbours[place].isAwaiting { awaitingCount -= 1 }
        body(&neighbours[place])
        if neighbours[place].isAwaiting { awaitingCount += 1 }
    }

    func checkInvariants() {
        held.checkInvariants()
        order.checkInvariants()
        firstCopies.checkInvariants()
        recent.checkInvariants()
        precondition(log.allSatisfy { held.contains($0) }, "announced but not held")
        precondition(announcedCount <= log.count, "more is announced than came")
        precondition(order.count == held.count, "the order is not of the held pieces")
        precondition(roster.count == neighbours.count, "the neighbours' ranks drifted")
        precondition(
            awaitingCount == neighbours.count { $0.isAwaiting }, "awaiting neighbours drifted")
        for (place, neighbour) in neighbours.enumerated() {
            precondition(neighbour.told <= log.count, "it heard more than there is")
            precondition(
                neighbour.lacking == held.count(notIn: holdings.pieces(in: place)),
                "lacking drifted")
        }
    }
}
