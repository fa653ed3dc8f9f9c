/// The digests to compute over a content, for making a metainfo file or for verifying with one.
package struct HashPlan: Equatable, Sendable {
    /// In the order in which their bytes are digested.
    package let stretches: [Stretch]
    package let pieceLength: Int64
    /// Over all the pieces, which do not stop at the ends of files.
    let pieces: DigestAlgorithm?
    /// Over all the bytes.
    let whole: DigestAlgorithm?
    /// Over each file, as BitTorrent v2 does it.
    package let trees: Bool

    /// A file, or zeros that no file holds and that let the next file begin with a piece.
    package struct Stretch: Equatable, Sendable {
        package let length: Int64
        package let isPad: Bool
    }

    init(
        stretches: [Stretch], pieceLength: Int64, pieces: DigestAlgorithm? = nil,
        whole: DigestAlgorithm? = nil, trees: Bool = false
    ) {
        precondition(pieces != nil || trees, "something is digested")
        self.stretches = stretches
        self.pieceLength = pieceLength
        self.pieces = pieces
        self.whole = whole
        self.trees = trees
    }

    /// The first that is needed here and that the library does not compute.
    package var lacking: DigestAlgorithm? {
        ([pieces, whole].compactMap(\.self) + (trees ? [.sha256] : []))
            .first { !Digester.computes($0) }
    }

    /// Of the files alone.
    package var byteCount: Int64 { stretches.reduce(0) { $0 + ($1.isPad ? 0 : $1.length) } }

    /// The offset of each stretch. In v2 every file that has bytes begins a piece.
    var offsets: [Int64] {
        var end: Int64 = 0
        return stretches.map { stretch in
            if trees, !stretch.isPad, stretch.length > 0 { end = roundedUp(end) * pieceLength }
            defer { end += stretch.length }
            return end
        }
    }

    /// The pieces that each stretch has a part in.
    package var pieceRanges: [Range<Int>] {
        zip(stretches, offsets).map { stretch, offset in
            let start = offset / pieceLength
            let end = stretch.length == 0 ? start : roundedUp(offset + stretch.length)
            return Int(start)..<Int(end)
        }
    }

    package var pieceCount: Int { pieceRanges.last { !$0.isEmpty }?.upperBound ?? 0 }

    /// In pieces. Without a sum that could overflow.
    private func roundedUp(_ offset: Int64) -> Int64 {
        let (whole, rest) = offset.quotientAndRemainder(dividingBy: pieceLength)
        return whole + (rest == 0 ? 0 : 1)
    }
}
