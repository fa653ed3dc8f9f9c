/// The position of a wanted name in its peer's list of wants.
package struct WantNumber: Hashable, Comparable, Sendable {
    package let raw: UInt32

    package init(_ raw: UInt32) { self.raw = raw }

    package var position: Int { Int(raw) }

    package static func < (a: WantNumber, b: WantNumber) -> Bool { a.raw < b.raw }
}
