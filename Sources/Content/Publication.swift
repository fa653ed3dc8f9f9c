package import Vocabulary

/// A content as its owner makes it known. A manifest that is too long for a message is a content
/// of its own, the nested one, whose manifest is short: peers fetch that like any other.
package struct Publication: Sendable {
    package let manifest: Manifest
    package let content: ContentID
    /// The manifest's bytes; at the same time the nested content's, where there is one.
    package let encoded: [UInt8]
    package let nested: Nested?

    package struct Nested: Sendable {
        package let manifest: Manifest
        package let content: ContentID
        package let encoded: [UInt8]
    }

    /// Longer manifests become contents: two of this length and their heads fit into one tail.
    package static let inlineMax = 24 << 10

    package init(_ manifest: Manifest) {
        self.manifest = manifest
        encoded = manifest.encoded()
        content = ContentID(ofManifest: encoded)
        nested = encoded.count > Self.inlineMax ? Self.nest(encoded, of: manifest.name) : nil
    }

    package var geometry: Geometry { manifest.geometry }

    /// The manifest that travels in messages: the content's own, or the nested one's.
    package var inlineManifest: [UInt8] { nested?.encoded ?? encoded }

    /// One level is always enough: a manifest of all the pieces that a content may have is cut
    /// into 70 pieces of the greatest length.
    private static func nest(_ bytes: [UInt8], of name: RelativePath) -> Nested {
        let manifest = Manifest.ofBytes(
            name: name, bytes,
            pieceLength: pieceLength(
                forManifestOf: ByteCount(Int64(bytes.count)), nameByteCount: name.utf8.count))
        let encoded = manifest.encoded()
        precondition(encoded.count <= inlineMax, "the nested manifest is short")
        return Nested(
            manifest: manifest, content: ContentID(ofManifest: encoded),
            encoded: encoded)
    }

    /// The least power of two, from 64 KiB on, with which the nested manifest is short enough.
    static func pieceLength(
        forManifestOf total: ByteCount, nameByteCount: Int
    ) -> ByteCount {
        let digestsMax =
            (inlineMax - Manifest.headByteCount - nameByteCount) / Digest128.byteCount
        var length = Manifest.pieceLengthOfMemory.raw
        while length * Int64(digestsMax) < total.raw { length *= 2 }
        return ByteCount(length)
    }
}
