package import Vocabulary

/// A content as its owner makes it known.
package struct Publication: Sendable {
    /// The name under which its owner has it.
    package let name: RelativePath
    package let manifest: Manifest
    package let content: ContentID
    /// The manifest's bytes; at the same time the nested content's, where there is one.
    package let encoded: [UInt8]
    package let nested: NestedManifest?

    package init(_ manifest: Manifest) { self.init(manifest, named: manifest.name) }

    /// Of a manifest that does not say the name.
    package init(_ manifest: Manifest, named name: RelativePath) {
        self.name = name
        self.manifest = manifest
        encoded = manifest.encoded()
        content = ContentID(ofManifest: encoded)
        nested = NestedManifest(of: encoded, name: manifest.name)
    }

    package var geometry: Geometry { manifest.geometry }

    /// The manifest that travels in messages: the content's own, or the nested one's.
    package var inlineManifest: [UInt8] { nested?.encoded ?? encoded }
}
