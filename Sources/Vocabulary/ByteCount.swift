/// A size in bytes, never negative. A sum that would overflow traps, because every size that comes
/// from outside is bounded where it is parsed.
package struct ByteCount: Hashable, Comparable, Sendable {
    package let raw: Int64

    package init(_ raw: Int64) {
        precondition(raw >= 0, "a size is never negative")
        self.raw = raw
    }

    package static let zero = ByteCount(0)

    package static func < (a: ByteCount, b: ByteCount) -> Bool { a.raw < b.raw }
    package static func + (a: ByteCount, b: ByteCount) -> ByteCount { ByteCount(a.raw + b.raw) }
    package static func += (a: inout ByteCount, b: ByteCount) { a = a + b }
}
