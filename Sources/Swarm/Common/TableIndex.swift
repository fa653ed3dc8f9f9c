/// An index into one table, which the compiler does not mix up with an index into another.
protocol TableIndex: Strideable, Hashable, Sendable where Stride == Int {
    var position: Int { get }

    init(_ position: Int)
}

extension TableIndex {
    static func < (left: Self, right: Self) -> Bool { left.position < right.position }

    func distance(to other: Self) -> Int { other.position - position }

    func advanced(by step: Int) -> Self { Self(position + step) }
}
