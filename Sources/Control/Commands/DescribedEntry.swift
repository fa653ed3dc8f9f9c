import Vocabulary
import Wire

/// The entry of a torrent, a seed file or a manifest for a file.
struct DescribedEntry: Sendable {
    let size: ByteCount
    /// The content of a manifest; none for a torrent or seed file.
    let content: ContentID

    /// The content of the manifest comes first, then contents of the same name.
    func order(
        of entry: CatalogEntry, _ name: RelativePath
    ) -> (Int, RelativePath, ContentID) {
        let rank = entry.content == content ? 0 : entry.name == name ? 1 : 2
        return (rank, entry.name, entry.content)
    }
}
