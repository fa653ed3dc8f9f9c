import Vocabulary

/// A rank that has, or may get, pieces of one content.
struct SourceRow {
    let rank: Rank
    var holds: PieceSet
    var outstanding = 0
    /// Pieces asked of it so far: whose turn it is.
    var asked = 0
    /// Asked in vain: passed over until then, or until it answers.
    var snubbedUntil = Tick.zero
    var badPieces = 0
    /// For the account.
    var piecesGiven = 0
    var bytesGiven = ByteCount.zero

    init(rank: Rank, holds: PieceSet) {
        self.rank = rank
        self.holds = holds
    }
}
