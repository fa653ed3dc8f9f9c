import Vocabulary

/// One request under way. Rows with a lent buffer live until the buffer is back.
struct RequestRow {
    /// asked → (arrived →) keeping, or asked → withdrawn.
    enum Stage {
        case asked, keeping, withdrawn
    }

    let number: RequestNumber
    let transfer: Int
    let piece: PieceIndex
    let source: Rank
    let patienceEnd: Tick
    var stage = Stage.asked
    /// The source says that it is coming: only then is what arrived known to be whole.
    var isAcknowledged = false
    var arrivedCount: Int?
}
