package import Vocabulary
package import Wire

/// What a peer brings along: what it owns and wants, or why it cannot take part.
package struct Share: Sendable {
    package struct Owned: Equatable, Sendable {
        package let name: RelativePath
        package let content: ContentID
        package let geometry: Geometry
        package let manifest: Descriptor

        package init(
            name: RelativePath, content: ContentID, geometry: Geometry, manifest: Descriptor
        ) {
            self.name = name
            self.content = content
            self.geometry = geometry
            self.manifest = manifest
        }
    }

    /// What a peer has no more, as it told of it.
    package struct Gone: Hashable, Sendable {
        package let name: RelativePath
        package let content: ContentID

        package init(name: RelativePath, content: ContentID) {
            self.name = name
            self.content = content
        }
    }

    /// A file whose digests are not known yet.
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
    /// What others hold, and this rank knows the manifests of.
    package var described: [Owned] = []
    package var wants: [RelativePath] = []
    /// Set when there is nothing to begin with: what is wrong, in the words that the user sees.
    package var refusal: String?

    package init() {}
}
