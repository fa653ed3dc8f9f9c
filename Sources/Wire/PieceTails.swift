package import Vocabulary

// Pieces in tails, as a list of numbers or as bits.

extension [UInt8] {
    package mutating func write(_ pieces: ArraySlice<PieceIndex>) {
        for piece in pieces { write(piece.raw) }
    }

    /// The bits of `count` pieces from `first`, a multiple of eight. A page may end anywhere: the
    /// pieces behind its last one stay out of its last byte.
    package mutating func writeBits(of pieces: PieceSet, first: Int, count: Int) {
        let end = first + count
        for start in stride(from: first, to: end, by: 8) {
            let beyond = Swift.max(0, start + 8 - end)
            append(pieces.byte(at: start) & (UInt8.max >> UInt8(beyond)))
        }
    }
}

/// The part of a piece set that one tail carries.
package enum BitPage {
    package static let pieceCountMax = Head.tailMax * 8
}

extension PieceSet {
    /// Adds the pieces of a page of bits, and reads the tail from its start. Nothing is added
    /// unless the whole page is valid.
    package mutating func insert(
        bits tail: RawSpan, first: UInt32, count: UInt32
    ) throws(WireError) {
        guard first % 8 == 0, Int(first) + Int(count) <= capacity,
            tail.byteCount == (Int(count) + 7) / 8
        else { throw .malformed }
        var page = self
        for offset in 0..<tail.byteCount {
            let byte: UInt8 = tail.field(at: offset)
            let pieces = min(8, Int(count) - offset * 8)
            guard byte.leadingZeroBitCount >= 8 - pieces,
                page.insert(byte, at: Int(first) + offset * 8)
            else { throw .malformed }
        }
        self = page
    }
}

extension RawSpan {
    /// A list of piece numbers that fills the tail.
    package func readPieces(
        count: UInt32, below pieceCount: Int
    ) throws(WireError) -> [PieceIndex] {
        try checkPieces(count: count, below: pieceCount)
        return (0..<Int(count)).map { piece(at: $0) }
    }

    /// The same without making a list, for a caller that reads the numbers in place.
    package func checkPieces(count: UInt32, below pieceCount: Int) throws(WireError) {
        guard byteCount == Int(count) * 4 else { throw .malformed }
        for number in 0..<Int(count) where field(at: number * 4) as UInt32 >= pieceCount {
            throw .malformed
        }
    }

    /// One number of a list that has been checked.
    package func piece(at number: Int) -> PieceIndex {
        PieceIndex(Int(field(at: number * 4) as UInt32))
    }
}
