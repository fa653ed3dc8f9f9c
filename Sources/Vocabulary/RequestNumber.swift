/// The number of one request of a download thread, and of the tag on which its payload comes.
/// Numbers are not reused before they wrap, so that a late answer cannot pass for a new one.
package struct RequestNumber: Hashable, Comparable, Sendable {
    package let raw: UInt32

    package init(_ raw: UInt32) { self.raw = raw }

    package var next: RequestNumber { RequestNumber(raw &+ 1) }

    /// Whether it was given after the other one, also where the numbers have begun again at zero.
    package func follows(_ other: RequestNumber) -> Bool {
        Int32(bitPattern: raw &- other.raw) > 0
    }

    package static func < (a: RequestNumber, b: RequestNumber) -> Bool { a.raw < b.raw }
}
