extension HashPlan {
    /// Of each stretch the parts whose pieces are all good.
    package func goodParts(_ findings: Findings) -> [[Extent]] {
        zip(zip(stretches, offsets), pieceRanges).map { stretch, pieces in
            goodParts(of: stretch.0.length, from: stretch.1, pieces, findings)
        }
    }

    private func goodParts(
        of length: Int64, from start: Int64, _ pieces: Range<Int>, _ findings: Findings
    ) -> [Extent] {
        var parts: [Extent] = []
        for piece in pieces where !findings.isBad[piece] {
            // A piece may begin in the file before, and end in the next one.
            let place = Int64(piece) * pieceLength - start
            let first = max(0, place)
            let end = length - place > pieceLength ? place + pieceLength : length
            guard let part = Extent(start: first, end: end) else { continue }
            if let last = parts.last, last.end == first,
                let joined = Extent(start: last.start, end: end)
            {
                parts[parts.count - 1] = joined
            } else {
                parts.append(part)
            }
        }
        return parts
    }
}
