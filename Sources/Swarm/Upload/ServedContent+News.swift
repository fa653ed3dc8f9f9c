import Vocabulary

/// Decides which neighbours are told of new pieces, and when.
extension ServedContent {
    var hasNews: Bool { announcedCount < log.count }

    /// The pieces that a neighbour is to be told of now. It learns of pieces that it lacks at once,
    /// so that it can ask for them. If offers decide who gets what, it need not ask: once it is
    /// interested it learns of a few pieces at a time, including those that it holds, so that it
    /// does not offer them to this rank in turn.
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
