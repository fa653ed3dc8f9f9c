/// A part of a file that holds bytes.
package struct Extent: Hashable, Sendable {
    package let start: Int64
    package let end: Int64

    /// Never empty, and never before the file's beginning.
    package init?(start: Int64, end: Int64) {
        guard 0 <= start, start < end else { return nil }
        self.start = start
        self.end = end
    }
}
