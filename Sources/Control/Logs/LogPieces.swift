import Vocabulary

/// The pieces that a log says were downloaded, a bit each. The greatest piece that a log can make
/// this grow for is the greatest that a file can have.
struct LogPieces {
    private var words: [UInt64] = []

    /// False if it was there already. A piece that no file has is not kept.
    mutating func insert(_ piece: Int) -> Bool {
        guard piece < Geometry.pieceCountMax else { return true }
        let (word, bit) = (piece / 64, UInt64(1) << UInt64(piece % 64))
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
        }
        let isNew = words[word] & bit == 0
        words[word] |= bit
        return isNew
    }
}
