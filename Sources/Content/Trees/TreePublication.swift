package import Vocabulary

/// A tree of files as its publisher makes it known.
package struct TreePublication: Sendable {
    package let manifest: TreeManifest
    package let content: ContentID
    /// The manifest's bytes; at the same time the nested content's, where there is one.
    package let encoded: [UInt8]
    package let nested: NestedManifest?

    package init(_ manifest: TreeManifest) {
        self.manifest = manifest
        let encoded = manifest.encoded()
        self.encoded = encoded
        content = ContentID(ofManifest: encoded)
        // A long description has entries. The first is one of the top names, since every folder
        // comes before its entries.
        nested = manifest.entries.first.flatMap {
            NestedManifest(of: encoded, name: $0.path, pieceLengthMin: Self.pieceLengthMin)
        }
    }

    /// The names of many small files are to cost hardly more messages than that of a long one.
    private static let pieceLengthMin = ByteCount(1 << 20)

    package var geometry: Geometry { manifest.geometry }

    /// The manifest that travels in messages: the content's own, or the nested one's.
    package var inlineManifest: [UInt8] { nested?.encoded ?? encoded }
}
