package import Vocabulary
package import Wire

/// The files that a peer owns and wants, or the reason why it cannot take part.
package struct Share: Sendable {
    package struct Owned: Equatable, Sendable {
        package let name: RelativePath
        package let content: ContentID
        package let geometry: Geometry
        package let manifest: Descriptor
        /// That of the manifest, where it is a content that this rank serves as well.
        package let nestedGeometry: Geometry?

        package init(
            name: RelativePath, content: ContentID, geometry: Geometry, manifest: Descriptor,
            nestedGeometry: Geometry? = nil
        ) {
            self.name = name
            self.content = content
            self.geometry = geometry
            self.manifest = manifest
            self.nestedGeometry = nestedGeometry
        }
    }

    /// A file that a peer no longer has, as it listed it.
    package struct Gone: Hashable, Sendable {
        package let name: RelativePath
        package let content: ContentID

        package init(name: RelativePath, content: ContentID) {
            self.name = name
            self.content = content
        }
    }

    /// A file that is still being digested.
    package struct Reading: Equatable, Sendable {
        package let name: RelativePath
        package let size: ByteCount

        package init(name: RelativePath, size: ByteCount) {
            self.name = name
            self.size = size
        }
    }

    package var owned: [Owned] = []
    package var reading: [Reading] = []
    /// Contents that other ranks hold, and whose manifests this rank knows.
    package var described: [Owned] = []
    package var wants: [RelativePath] = []
    /// Set where the peer has bad input: the text that the user sees.
    package var refusal: String?

    package init() {}
}
