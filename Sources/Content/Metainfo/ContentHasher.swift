/// Digests a content as a plan says. For each of the plan's stretches in turn: `begin`, then its
/// bytes in parts, read or skipped, then `end`.
package struct ContentHasher: ~Copyable {
    package let plan: HashPlan
    private var pieces: PieceHasher?
    private var whole: Digester?
    private var wholeIsRead = true
    private var tree: MerkleHasher?
    private var trees: [FileDigests?] = []
    /// Of the stretch that was begun.
    private var left: Int64 = 0
    private var position = 0

    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    package init(_ plan: HashPlan) {
        self.plan = plan
        if let algorithm = plan.pieces {
            pieces = PieceHasher(algorithm, pieceLength: plan.pieceLength)
        }
        if let algorithm = plan.whole { whole = Digester(algorithm) }
    }

    package mutating func begin() {
        precondition(left == 0, "a stretch ends before the next begins")
        left = plan.stretches[position].length
    }

    package mutating func add(_ bytes: RawSpan) {
        plantTree()
        count(Int64(bytes.byteCount))
        pieces?.add(bytes)
        whole?.update(bytes)
        tree?.add(bytes)
    }

    package mutating func skip(_ byteCount: Int64) {
        guard byteCount > 0 else { return }
        if byteCount < plan.stretches[position].length { plantTree() }
        count(byteCount)
        pieces?.skip(byteCount)
        tree?.skip(byteCount)
        wholeIsRead = false
    }

    /// The zeros of a pad.
    package mutating func addZeros() {
        while left > 0 {
            let part = Int(min(left, Int64(Self.zeros.count)))
            unsafe add(Self.zeros.span.bytes.extracting(0..<part))
        }
    }

    package mutating func end() {
        precondition(left == 0, "all of a stretch is read or skipped")
        if let tree = tree.take() { trees.append(tree.finish()) } else { trees.append(nil) }
        position += 1
    }

    package consuming func finish() -> ContentDigests {
        precondition(position == plan.stretches.count, "every stretch is digested")
        let wholeDigest = whole?.finish()
        return ContentDigests(
            pieces: pieces.take()?.finish(), whole: wholeIsRead ? wholeDigest : nil, trees: trees)
    }

    /// Only for what is read: many files that are not there may share one layer, and a table for
    /// each of them would be far longer than the torrent.
    private mutating func plantTree() {
        let stretch = plan.stretches[position]
        guard plan.trees, !stretch.isPad, left == stretch.length, left > 0 else { return }
        tree = MerkleHasher(length: stretch.length, pieceLength: plan.pieceLength)
    }

    private mutating func count(_ byteCount: Int64) {
        precondition(byteCount <= left, "a stretch has no more bytes than it says")
        left -= byteCount
    }
}
