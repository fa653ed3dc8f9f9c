/// Cuts a stream that comes in parts of any size into pieces; the last one may be shorter. Parts
/// that cannot be read are skipped, and with them their pieces.
protocol PieceCutting: ~Copyable {
    var pieceLength: Int64 { get }
    /// The number of bytes of the current piece that have come.
    var pieceFilled: Int64 { get set }
    /// Whether all of that was read.
    var isWhole: Bool { get set }

    /// Bytes that lie in the piece at hand.
    mutating func digest(_ bytes: RawSpan)

    /// All of the piece at hand has come.
    mutating func endPiece()
}

extension PieceCutting where Self: ~Copyable {
    mutating func add(_ bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            let count = Int(min(Int64(bytes.byteCount - start), pieceLength - pieceFilled))
            if isWhole { digest(bytes.extracting(start..<start + count)) }
            advance(Int64(count))
            start += count
        }
    }

    mutating func skip(_ count: Int64) {
        var left = count
        while left > 0 {
            let part = min(left, pieceLength - pieceFilled)
            isWhole = false
            advance(part)
            left -= part
        }
    }

    /// To be called once, when nothing more comes.
    mutating func endLastPiece() {
        if pieceFilled > 0 { endPiece() }
    }

    private mutating func advance(_ count: Int64) {
        pieceFilled += count
        guard pieceFilled == pieceLength else { return }
        endPiece()
        pieceFilled = 0
        isWhole = true
    }
}
