import Content
import Vocabulary

/// The stretches of a tree, numbered in order: each is a part of one file and of one piece. A table
/// with a digest for each stretch distinguishes the files within a piece.
struct StretchRows: Sendable {
    private let manifest: TreeManifest
    /// The first row of each entry, and at the end the number of all rows.
    private let firsts: [Int]

    init(_ manifest: TreeManifest) {
        var firsts = [0]
        firsts.reserveCapacity(manifest.entries.count + 1)
        for entry in manifest.entries.indices {
            firsts.append(firsts[entry] + manifest.pieces(of: entry).count)
        }
        self.manifest = manifest
        self.firsts = firsts
    }

    var count: Int { firsts[firsts.count - 1] }

    func rows(of entry: Int) -> Range<Int> { firsts[entry]..<firsts[entry + 1] }

    func row(of stretch: TreeManifest.Stretch, in piece: PieceIndex) -> Int {
        firsts[stretch.entry] + piece.position - manifest.pieces(of: stretch.entry).lowerBound
    }

    /// The file to which a row belongs: the last entry that begins with this row or before it.
    func entry(of row: Int) -> Int {
        var low = 0
        var high = firsts.count - 1
        while low < high {
            let middle = (low + high) / 2
            if firsts[middle + 1] <= row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The bytes of a row in its file.
    func bytes(of row: Int, in entry: Int) -> Range<Int64> {
        let pieceLength = manifest.geometry.pieceLength.raw
        let offset = manifest.offsets[entry]
        let piece = Int64(manifest.pieces(of: entry).lowerBound + row - firsts[entry])
        let start = max(0, piece * pieceLength - offset)
        let end = min(manifest.entries[entry].length, (piece + 1) * pieceLength - offset)
        return start..<end
    }
}
