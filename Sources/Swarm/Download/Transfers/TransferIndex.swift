import Vocabulary

/// A transfer's place in its table.
struct TransferIndex: TableIndex {
    let position: Int

    init(_ position: Int) { self.position = position }

    /// Wants and transfers go by the same numbers.
    init(_ want: WantNumber) { position = want.position }
}
