/// A place in a table, which is not mixed up with a place in another one.
protocol TableIndex: Strideable, Hashable, Sendable where Stride == Int {
    var position: Int { get }

    init(_ position: Int)
}

extension TableIndex {
    static func < (left: Self, right: Self) -> Bool { left.position < right.position }

    func distance(to other: Self) -> Int { other.position - position }

    func advanced(by step: Int) -> Self { Self(position + step) }
}
