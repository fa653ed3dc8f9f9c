import Content
import Vocabulary

/// A file that a description names, that no rank has whole, and of which several ranks have parts.
/// It is a content of its own, so that its pieces begin at the same places as in the description.
struct Fragment {
    /// The folders above it, and then the file.
    let entries: [TreeEntry]
    /// The good parts by view, in the order of views.
    private(set) var holders: [(view: Int, parts: [Extent])]

    private var file: TreeEntry { entries[entries.count - 1] }

    var path: RelativePath { file.path }

    /// Splits listings in which the extents of a file are its good parts: the listings without
    /// incomplete files, and those files as fragments, unless a rank has them whole.
    static func split(
        _ listings: [[TreeEntry]]
    ) -> (whole: [[TreeEntry]], fragments: [Fragment]) {
        let whole = listings.map { $0.filter(\.isWhole) }
        var fragments: [RelativePath: Fragment] = [:]
        for (view, listing) in listings.enumerated() {
            for entry in listing where !entry.isWhole {
                guard case .file(_, let parts) = entry.body, !parts.isEmpty else { continue }
                var fragment = fragments[entry.path] ?? Fragment(of: entry, in: listing)
                // Files of the same length have the same description.
                guard fragment.file.length == entry.length else { continue }
                fragment.holders.append((view, parts))
                fragments[entry.path] = fragment
            }
        }
        for entry in whole.joined() { fragments[entry.path] = nil }
        return (
            whole,
            fragments.keys.sorted(by: RelativePath.inTreeOrder).compactMap { fragments[$0] }
        )
    }

    private init(of entry: TreeEntry, in listing: [TreeEntry]) {
        let folders = Set(entry.path.foldersAbove)
        let file = TreeEntry(
            path: entry.path,
            body: .file(length: entry.length, extents: Extent.whole(entry.length)),
            mode: entry.mode, modified: entry.modified)
        entries = listing.filter { folders.contains($0.path) } + [file]
        holders = []
    }

    /// The piece lengths to try, the best first: that of the description, or a multiple that is
    /// worth a message; smaller ones if no rank has that many good bytes in a row.
    func pieceLengths(described: Int64) -> [Int64] {
        var lengths: [Int64] = []
        var length = max(1, described)
        while length < Self.pieceLengthMin || file.length / length > Self.pieceCountUsual {
            if file.length / length <= Self.pieceCountMax { lengths.append(length) }
            length *= 2
        }
        return (lengths + [length]).reversed().map { min($0, Manifest.pieceLengthMax.raw) }
    }

    private static let pieceLengthMin: Int64 = 16 << 10
    private static let pieceCountUsual: Int64 = 1 << 16
    /// The digests of that number of pieces still fit into a description that is sent around.
    private static let pieceCountMax: Int64 = 1 << 20

    /// Whether every piece is on some rank.
    func isComplete(_ manifest: TreeManifest) -> Bool {
        var missing = PieceSet(all: manifest.geometry.pieceCount)
        for holder in holders {
            let held = manifest.pieces(within: [path: holder.parts])
            var next = held.first()
            while let piece = next {
                missing.remove(piece)
                next = held.first(from: piece.position + 1)
            }
        }
        return missing.isEmpty
    }
}

extension TreeEntry {
    fileprivate var isWhole: Bool {
        guard case .file(let length, let extents) = body else { return true }
        return Extent.areWhole(extents, of: length)
    }
}
