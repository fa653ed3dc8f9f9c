import Content
import Vocabulary

/// The lists of sources, as ranks send them.
extension StageCoordinator {
    /// A list travels as the description of a tree, whose header distinguishes it from an error; an
    /// error is a text of the lister.
    static func entries(
        _ bytes: [UInt8], from rank: Rank
    ) throws(StageError) -> [TreeEntry] {
        do throws(TreeError) {
            return try unsafe TreeManifest(parsing: bytes.span.bytes).entries
        } catch .notATree {
            guard let words = String(validating: bytes, as: UTF8.self), !words.isEmpty else {
                throw .badListing(rank)
            }
            throw .rank(rank, words)
        } catch { throw .badListing(rank) }
    }
}
