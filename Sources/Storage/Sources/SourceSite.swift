package import Vocabulary

/// The place of a source that this rank may read.
package struct SourceSite: Sendable {
    /// Its name in the tree.
    package let name: RelativePath
    package let path: String
    /// The places of its files, by their paths in the tree; nil if those are their places.
    package let places: [RelativePath: Place]?
    /// The archive that `path` is; nil if its files are files of a disk.
    let archive: UnpackedArchive?
    /// The number of the part of that archive, of which alone the files are read; nil reads all.
    package var part: Int?

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
        archive = nil
    }

    package init(name: RelativePath, path: String, unpacked archive: UnpackedArchive) {
        self.name = name
        self.path = path
        places = nil
        self.archive = archive
    }
}
