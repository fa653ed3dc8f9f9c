import Content
import Staging
import Vocabulary

/// A source that a seed file describes: of its pieces each source rank has some, so that only all
/// of them together have the file.
extension SimulatedStage {
    /// The digests are not used, because the ranks have judged their pieces before the job begins.
    static func describe(
        _ file: RelativePath, _ options: SimulationOptions, _ wish: inout StageWish
    ) {
        let digest = String(repeating: "0", count: 32) + "\n"
        let text =
            "\(file)\n\(Int64(options.byteCount))\n" + digest
            + String(repeating: digest, count: options.pieces)
        let pieceLength = Int64(options.pieceLength)
        do throws(MetainfoError) {
            wish.described = try Metainfo(parsing: Array(text.utf8), pieceLength: pieceLength)
        } catch { preconditionFailure("a name, a length and digests are a seed file") }
        wish.layout.paths = [file]
        wish.required = [file]
        wish.layout.pieceLength = pieceLength
    }

    /// Each source has every so-many-th piece, so no two of its pieces are neighbours.
    func goodParts(of rank: Rank) -> [Extent] {
        let length = Int64(options.pieceLength)
        let first = Int(rank.raw) - options.trackers
        return stride(from: first, to: options.pieces, by: options.sources).compactMap { piece in
            let start = Int64(piece) * length
            return Extent(start: start, end: min(start + length, Int64(options.byteCount)))
        }
    }
}
