import Content
import Glibc
package import Vocabulary

/// The files that earlier runs left of a file that is to be fetched: one under its final name, if a
/// run was complete, and one under the name of a growing file. They are read once, before the job;
/// later the manifest decides which pieces are good.
package struct Remnant: Sendable {
    package let name: RelativePath
    package let geometry: Geometry
    /// The piece digests of the file under the final name, if it has the right size.
    private let whole: [Digest128]
    /// The piece digests of the growing file.
    private let part: [Digest128]

    /// The name of the growing file.
    var partName: String { Self.partName(of: name) }

    private static func partName(of name: RelativePath) -> String { ".\(name).mpiswarm-part" }

    /// A folder that does not exist holds nothing.
    package init(
        of name: RelativePath, _ geometry: Geometry, below path: String
    ) throws(StorageError) {
        self.name = name
        self.geometry = geometry
        var found = (whole: [Digest128](), part: [Digest128]())
        do throws(StorageError) {
            let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
            let reader = PieceDigesting(geometry)
            found.whole = try reader.digests(
                of: name.description, in: folder, path, isComplete: true)
            found.part = try reader.digests(
                of: Self.partName(of: name), in: folder, path, isComplete: false)
        } catch .system("open", _, ENOENT) {
            // Without the folder there are no pieces.
        }
        (whole, part) = found
    }

    /// The pieces that match the manifest, and the file that has them.
    func good(by manifest: Manifest) -> (pieces: PieceSet, isNamed: Bool) {
        let named = Self.good(whole, by: manifest)
        return named.isFull && !whole.isEmpty
            ? (named, true) : (Self.good(part, by: manifest), false)
    }

    private static func good(_ digests: [Digest128], by manifest: Manifest) -> PieceSet {
        var pieces = PieceSet(none: manifest.geometry.pieceCount)
        guard case .xxh3(let expected) = manifest.body else { return pieces }
        for (position, digest) in digests.enumerated() where expected[position] == digest {
            pieces.insert(PieceIndex(position))
        }
        return pieces
    }
}
