import Vocabulary

/// A transfer's place in its table.
struct TransferIndex: TableIndex {
    let position: Int

    init(_ position: Int) { self.position = position }

    /// A want and its transfer have the same number.
    init(_ want: WantNumber) { position = want.position }
}
