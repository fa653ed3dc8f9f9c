import Vocabulary

/// What of the content a receiver's disk had before the job began.
struct SimulatedPrior {
    /// In place under its final name, and believed by its size and date.
    var inPlace: PieceSet
    /// Left behind by an earlier job, with its digests.
    var resumed: PieceSet
    /// Of the resumed pieces, those that are of an earlier version of the source.
    var outdated: PieceSet

    init(pieceCount: Int) {
        inPlace = PieceSet(none: pieceCount)
        resumed = inPlace
        outdated = inPlace
    }
}
