import Vocabulary

/// Who is told of what we got, and when.
extension ServedContent {
    var hasNews: Bool { announcedCount < log.count }

    /// What a neighbour is to be told now: what it lacks at once, so that it can ask. Where it
    /// is decided by offers who gets what it need not ask: once it is interested it hears of a few
    /// pieces at a time, those it holds among them, so that in turn it does not offer them to us.
    mutating func news(
        for place: Int, untoldMax: Int, isDecidedByOffers: Bool
    ) -> ArraySlice<PieceIndex> {
        let untold = log[neighbours[place].told...]
        guard isDecidedByOffers else {
            hasHeardAll(place)
            return untold.filter { !holdings.contains($0, in: place) }[...]
        }
        let mayWait = neighbours[place].isInterested && !held.isFull && untold.count < untoldMax
        let isNews =
            untold.count >= untoldMax
            || !mayWait && untold.contains { !holdings.contains($0, in: place) }
        guard isNews else { return [] }
        hasHeardAll(place)
        return untold
    }
}
