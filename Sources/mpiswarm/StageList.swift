import CommandLine
import Content
import Storage
import Vocabulary

/// What lies where a SOURCE is, as it travels to rank 0: a tree's description, or the words of why
/// there is none.
struct StageList: Sendable {
    let source: Int
    let bytes: [UInt8]

    init(of source: Int, _ options: StageOptions) {
        self.source = source
        let path = options.sourcePaths[source]
        do throws(StorageError) {
            bytes = try Self.described(path, follows: options.follow)
        } catch {
            bytes = Array(sentence(error, path).utf8)
        }
    }

    private static func described(
        _ path: String, follows: Bool
    ) throws(StorageError) -> [UInt8] {
        guard let name = sourceName(path) else {
            return Array("\(harmless(path)): it has no name that others could use".utf8)
        }
        let listing = try TreeListing(of: path, as: name, follows: follows)
        do throws(TreeFlaw) {
            // Neither how it is cut nor who publishes it is known yet.
            return try TreeManifest(
                entries: listing.entries, pieceLength: Manifest.pieceLengthMax, digest: .xxh3,
                origin: TreeManifest.Origin(publisher: .first, job: 0)
            ).encoded()
        } catch {
            return Array("\(harmless(path)): it is more than can be described".utf8)
        }
    }
}
