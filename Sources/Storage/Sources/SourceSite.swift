package import Vocabulary

/// Where a source lies that this rank may read.
package struct SourceSite: Sendable {
    /// What it is called in the tree.
    package let name: RelativePath
    package let path: String
    /// Where its files lie, by their paths in the tree; nil where they lie under these.
    package let places: [RelativePath: Place]?

    /// A file that was found to be the one that is described.
    package struct Place: Sendable {
        /// Beneath the source; nil is the source itself.
        package let path: RelativePath?
        /// When it was tested: it has no dates that others would know.
        package let state: FileState

        package init(path: RelativePath?, state: FileState) {
            self.path = path
            self.state = state
        }
    }

    package init(name: RelativePath, path: String, places: [RelativePath: Place]? = nil) {
        self.name = name
        self.path = path
        self.places = places
    }
}
