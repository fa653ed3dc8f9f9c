/// A request's place in its table. It changes when a request before it is removed.
struct RequestIndex: TableIndex {
    let position: Int

    init(_ position: Int) { self.position = position }
}
