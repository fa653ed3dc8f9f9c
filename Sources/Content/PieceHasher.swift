/// Digests a stream piece by piece; the last one may be shorter. Parts that cannot be read are
/// skipped.
struct PieceHasher: ~Copyable {
    private let pieceLength: Int64
    private var digester: Digester
    private var filled: Int64 = 0
    private var isWhole = true
    private var pieces: PieceDigests

    init(_ algorithm: DigestAlgorithm, pieceLength: Int64) {
        self.pieceLength = pieceLength
        digester = Digester(algorithm)
        pieces = PieceDigests(of: algorithm)
    }

    mutating func add(_ bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            let count = Int(min(Int64(bytes.byteCount - start), pieceLength - filled))
            if isWhole { digester.update(bytes.extracting(start..<start + count)) }
            advance(Int64(count))
            start += count
        }
    }

    mutating func skip(_ count: Int64) {
        var left = count
        while left > 0 {
            let part = min(left, pieceLength - filled)
            isWhole = false
            advance(part)
            left -= part
        }
    }

    consuming func finish() -> PieceDigests {
        if filled > 0 { endPiece() }
        return pieces
    }

    private mutating func advance(_ count: Int64) {
        filled += count
        if filled == pieceLength { endPiece() }
    }

    private mutating func endPiece() {
        if isWhole {
            pieces.append(digester.finish())
        } else {
            digester.start()
            pieces.appendUnread()
        }
        filled = 0
        isWhole = true
    }
}
