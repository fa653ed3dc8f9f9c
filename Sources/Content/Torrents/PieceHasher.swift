/// Digests a stream piece by piece.
struct PieceHasher: ~Copyable, PieceCutting {
    let pieceLength: Int64
    var pieceFilled: Int64 = 0
    var isWhole = true
    private var digester: Digester
    private var pieces: PieceDigests

    init(_ algorithm: DigestAlgorithm, pieceLength: Int64) {
        self.pieceLength = pieceLength
        digester = Digester(algorithm)
        pieces = PieceDigests(of: algorithm)
    }

    consuming func finish() -> PieceDigests {
        endLastPiece()
        return pieces
    }

    mutating func digest(_ bytes: RawSpan) { digester.update(bytes) }

    mutating func endPiece() {
        if isWhole {
            pieces.append(digester.finish())
        } else {
            digester.start()
            pieces.appendUnread()
        }
    }
}
