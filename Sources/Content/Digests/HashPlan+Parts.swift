extension HashPlan {
    /// Of each stretch the parts whose pieces are all good.
    package func goodParts(_ findings: Findings) -> [[Extent]] {
        zip(offsets, pieceRanges).enumerated().map { index, place in
            goodParts(of: index, from: place.0, place.1, findings)
        }
    }

    private func goodParts(
        of stretch: Int, from offset: Int64, _ pieces: Range<Int>, _ findings: Findings
    ) -> [Extent] {
        var parts: [Extent] = []
        for piece in pieces where !findings.isBad[piece] {
            guard let part = part(piece, of: stretch, from: offset)?.extent else { continue }
            if let last = parts.last, last.end == part.start,
                let joined = Extent(start: last.start, end: part.end)
            {
                parts[parts.count - 1] = joined
            } else {
                parts.append(part)
            }
        }
        return parts
    }
}
