/// A request's place in its table. It changes when one before it goes.
struct RequestIndex: TableIndex {
    let position: Int

    init(_ position: Int) { self.position = position }
}
