/// The piece length when none is given.
package enum PieceLength {
    /// The least power of two that makes no more than 2,000 pieces, from 64 KiB to 16 MiB. A
    /// function of the size alone, so that a later run cuts alike.
    package static func automatic(total: Int64) -> Int64 {
        var length: Int64 = 64 << 10
        while length < 16 << 20, total / length >= 2000 { length *= 2 }
        return length
    }
}
