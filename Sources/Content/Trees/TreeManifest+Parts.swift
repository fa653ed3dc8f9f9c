package import Vocabulary

extension TreeManifest {
    /// The pieces of which every byte lies in these parts of files. Each file's parts are in order,
    /// and do not touch; of a file that is not named there are none.
    package func pieces(within parts: [RelativePath: [Extent]]) -> PieceSet {
        var pieces = PieceSet(none: geometry.pieceCount)
        for position in 0..<geometry.pieceCount {
            let piece = PieceIndex(position)
            let isWithin = stretches(of: piece).allSatisfy { stretch in
                let extents = parts[entries[stretch.entry].path] ?? []
                let touched = Extent.indices(of: extents, in: stretch.offset, stretch.count)
                guard touched.count == 1 else { return false }
                let part = extents[touched.lowerBound]
                return part.start <= stretch.offset
                    && stretch.offset + Int64(stretch.count) <= part.end
            }
            if isWithin { pieces.insert(piece) }
        }
        return pieces
    }

    /// The pieces that lie in holes alone, and need not be fetched.
    package var piecesWithoutBytes: PieceSet {
        var pieces = PieceSet(all: geometry.pieceCount)
        for (position, entry) in entries.enumerated() {
            guard case .file(_, let extents) = entry.body else { continue }
            for extent in extents {
                let first = Int((offsets[position] + extent.start) / geometry.pieceLength.raw)
                let last = Int((offsets[position] + extent.end - 1) / geometry.pieceLength.raw)
                for piece in first...last { pieces.remove(PieceIndex(piece)) }
            }
        }
        return pieces
    }
}
