import Vocabulary

/// Decides to which neighbours new pieces are announced, and when.
extension ServedContent {
    var hasNews: Bool { announcedCount < log.count }

    /// The pieces to announce to a neighbour now. It learns at once of pieces that it lacks, so
    /// that it can ask for them. If offers decide, it need not ask: once it is interested, it
    /// learns of a few pieces at a time, including those that it holds, so that it does not offer
    /// them to this rank.
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
