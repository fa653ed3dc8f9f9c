package import Vocabulary

/// A manifest that is too long for a message, as a content of its own, whose manifest is short:
/// peers fetch that like any other.
package struct NestedManifest: Sendable {
    package let manifest: Manifest
    package let content: ContentID
    package let encoded: [UInt8]

    /// Longer manifests become contents: two of this length and their heads fit into one tail.
    package static let inlineMax = 24 << 10

    /// Nil where the bytes are short enough to travel themselves.
    ///
    /// One level is always enough: a manifest of all the pieces that a content may have is cut
    /// into 70 pieces of the greatest length.
    init?(of bytes: [UInt8], name: RelativePath, pieceLengthMin: ByteCount = Self.pieceLengthUsual)
    {
        guard bytes.count > Self.inlineMax else { return nil }
        manifest = Manifest.ofBytes(
            name: name, bytes,
            pieceLength: Self.pieceLength(
                forManifestOf: ByteCount(Int64(bytes.count)), nameByteCount: name.utf8.count,
                from: pieceLengthMin))
        encoded = manifest.encoded()
        precondition(encoded.count <= Self.inlineMax, "the nested manifest is short")
        content = ContentID(ofManifest: encoded)
    }

    static let pieceLengthUsual = Manifest.pieceLengthOfMemory

    /// The least power of two, from a length on, with which the nested manifest is short enough.
    static func pieceLength(
        forManifestOf total: ByteCount, nameByteCount: Int,
        from pieceLengthMin: ByteCount = pieceLengthUsual
    ) -> ByteCount {
        let digestsMax =
            (inlineMax - Manifest.headByteCount - nameByteCount) / Digest128.byteCount
        var length = pieceLengthMin.raw
        while length * Int64(digestsMax) < total.raw { length *= 2 }
        return ByteCount(length)
    }
}
