/// The piece length when none is given.
package enum PieceLength {
    /// The least power of two from 64 KiB to 16 MiB that makes at most 2,000 pieces; below 256 KiB,
    /// at most 512, because to arrange a send takes as long for a short piece as for a long one;
    /// from 2 MiB on, at most 32,768, because a rank holds several pieces in memory, and a longer
    /// piece makes nothing faster. A function of the size alone, so that a later run cuts alike.
    package static func automatic(total: Int64) -> Int64 {
        var length: Int64 = 64 << 10
        while length < 256 << 10, total > length * 512 { length *= 2 }
        while length < 2 << 20, total > length * 2000 { length *= 2 }
        while length < 16 << 20, total > length << 15 { length *= 2 }
        return length
    }
}
