/// A source's place in its table. It changes when one before it goes.
struct SourceIndex: TableIndex {
    let position: Int

    init(_ position: Int) { self.position = position }
}
