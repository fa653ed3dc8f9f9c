package import Wire

/// The answer of a rank whose SOURCE is an archive that takes time to read: instead of the list of
/// entries, the number of parts in which the tree can travel meanwhile. Integers are little-endian:
///
///     0  4  "MSWE"
///     4  4  number of parts
///     8  8  length of the archive
package struct EarlyListing: Equatable, Sendable {
    package let partCount: Int
    package let packedByteCount: Int64

    private static let magic: [UInt8] = Array("MSWE".utf8)
    /// Each part is a content of its own, which costs some messages.
    package static let partCountMax = 64

    package init(partCount: Int, packedByteCount: Int64) {
        precondition(
            (1...Self.partCountMax).contains(partCount) && packedByteCount > 0, "no archive")
        self.partCount = partCount
        self.packedByteCount = packedByteCount
    }

    package var encoded: [UInt8] {
        var bytes = Self.magic
        bytes.write(UInt32(partCount))
        bytes.write(packedByteCount)
        return bytes
    }

    /// Nil for a list of entries, and for the text of an error.
    package init?(parsing bytes: [UInt8]) throws(WireError) {
        guard bytes.starts(with: Self.magic) else { return nil }
        let span = unsafe bytes.span.bytes
        var cursor = Self.magic.count
        let count: UInt32 = try span.read(&cursor)
        let length: Int64 = try span.read(&cursor)
        guard cursor == bytes.count, (1...UInt32(Self.partCountMax)).contains(count), length > 0
        else { throw .malformed }
        self.init(partCount: Int(count), packedByteCount: length)
    }
}
