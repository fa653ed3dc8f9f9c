import Vocabulary

/// The pieces that a receiver's disk had before the job began.
struct SimulatedPrior {
    /// The pieces in place under the final name, which are trusted by size and date.
    var inPlace: PieceSet
    /// The pieces that an earlier job left, with their digests.
    var resumed: PieceSet
    /// The resumed pieces that belong to an earlier version of the source.
    var outdated: PieceSet

    init(pieceCount: Int) {
        inPlace = PieceSet(none: pieceCount)
        resumed = inPlace
        outdated = inPlace
    }
}
