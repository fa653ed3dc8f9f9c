/// A source's place in its table. It changes when a source before it is removed.
struct SourceIndex: TableIndex {
    let position: Int

    init(_ position: Int) { self.position = position }
}
