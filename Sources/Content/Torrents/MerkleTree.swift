/// The trees of BitTorrent v2: SHA-256 over blocks of 16 KiB, then over pairs of digests. Where a
/// file ends before the tree does, the missing blocks' digests are zeros.
enum MerkleTree {
    static let blockByteCount: Int64 = 16 << 10
    private static let digestByteCount = DigestAlgorithm.sha256.byteCount

    /// The least power of two from `count` on.
    static func width(of count: Int) -> Int {
        precondition(count > 0, "nothing has no tree")
        return count == 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }

    /// The root over blocks that are all missing; a power of two of them.
    static func rootOfNothing(blocks: Int) -> [UInt8] {
        root(
            of: [UInt8](repeating: 0, count: digestByteCount),
            missing: [UInt8](repeating: 0, count: digestByteCount), width: blocks)
    }

    /// The root over digests that lie end to end, and then as many times `missing` as make the
    /// `width`, a power of two. Nothing is allocated for those.
    static func root(of digests: [UInt8], missing: [UInt8], width: Int) -> [UInt8] {
        precondition(!digests.isEmpty && digests.count <= width * digestByteCount, "it fits")
        var digester = Digester(.sha256)
        var level = digests
        var missing = missing
        var width = width
        while width > 1 {
            if level.count % (2 * digestByteCount) != 0 { level += missing }
            var next: [UInt8] = []
            next.reserveCapacity(level.count / 2)
            for start in stride(from: 0, to: level.count, by: 2 * digestByteCount) {
                let pair = start..<start + 2 * digestByteCount
                unsafe digester.update(level.span.bytes.extracting(pair))
                next += digester.finish()
            }
            level = next
            missing = Digester.digest(of: missing + missing, .sha256)
            width /= 2
        }
        return level
    }

    /// The root of a file of several pieces, from the roots of these.
    static func root(ofLayer layer: DigestTable, pieceLength: Int64) -> [UInt8] {
        root(
            of: layer.bytes, missing: rootOfNothing(blocks: Int(pieceLength / blockByteCount)),
            width: width(of: layer.count))
    }
}
