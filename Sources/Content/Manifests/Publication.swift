package import Vocabulary

/// A content as its owner makes it known.
package struct Publication: Sendable {
    package let manifest: Manifest
    package let content: ContentID
    /// The manifest's bytes; at the same time the nested content's, where there is one.
    package let encoded: [UInt8]
    package let nested: NestedManifest?

    package init(_ manifest: Manifest) {
        self.manifest = manifest
        encoded = manifest.encoded()
        content = ContentID(ofManifest: encoded)
        nested = NestedManifest(of: encoded, name: manifest.name)
    }

    package var geometry: Geometry { manifest.geometry }

    /// The manifest that travels in messages: the content's own, or the nested one's.
    package var inlineManifest: [UInt8] { nested?.encoded ?? encoded }
}
