package import Vocabulary

/// The manifest of a content, or the content that is its manifest, with the manifest of that one. A
/// tracker passes it on and never looks inside.
///
///     0: the manifest's bytes follow · 1: a ContentID (16 bytes), then that content's manifest
package struct Descriptor: Equatable, Sendable {
    package let bytes: [UInt8]

    /// A descriptor shares one tail with a list of members.
    package static let byteCountMax = 32 << 10

    private static let inlineMark: UInt8 = 0
    private static let nestedMark: UInt8 = 1
    private static let nestedHeadCount = 17

    package init(inline manifest: [UInt8]) {
        bytes = [Self.inlineMark] + manifest
        precondition(bytes.count <= Self.byteCountMax, "a manifest this long must be nested")
    }

    package init(nested content: ContentID, manifest: [UInt8]) {
        var bytes = [Self.nestedMark]
        bytes.write(content)
        bytes += manifest
        precondition(bytes.count <= Self.byteCountMax, "a nested manifest must be short")
        self.bytes = bytes
    }

    package init(parsing bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= Self.byteCountMax else { throw .malformed }
        switch bytes.first {
        case Self.inlineMark: break
        case Self.nestedMark where bytes.count >= Self.nestedHeadCount: break
        default: throw .malformed
        }
        self.bytes = bytes
    }

    /// The content that is the manifest, where the manifest is nested.
    package var nestedContent: ContentID? {
        guard bytes[0] == Self.nestedMark else { return nil }
        return ContentID(high: word(at: 1), low: word(at: 9))
    }

    /// The manifest in this descriptor: that of the content, or that of the nested manifest.
    package var manifest: ArraySlice<UInt8> {
        bytes[0] == Self.nestedMark ? bytes[Self.nestedHeadCount...] : bytes[1...]
    }

    private func word(at offset: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) }
    }
}
