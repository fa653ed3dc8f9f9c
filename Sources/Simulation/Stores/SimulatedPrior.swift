import Vocabulary

/// The pieces that a receiver's disk had before the job began.
struct SimulatedPrior {
    /// In place under the final name, and trusted by size and date.
    var inPlace: PieceSet
    /// Left by an earlier job, with their digests.
    var resumed: PieceSet
    /// The resumed pieces that belong to an earlier version of the source.
    var outdated: PieceSet

    init(pieceCount: Int) {
        inPlace = PieceSet(none: pieceCount)
        resumed = inPlace
        outdated = inPlace
    }
}
