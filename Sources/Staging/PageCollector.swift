import Vocabulary
import Wire

/// Bytes that come in pages, in order. A page that is not the next one is not taken.
struct PageCollector {
    private(set) var bytes: [UInt8] = []
    private(set) var isComplete = false
    /// Whether a list has to name all entries, however long that takes.
    let demandsAll: Bool
    private var nextPage: UInt32 = 0

    init(demandsAll: Bool = false) { self.demandsAll = demandsAll }

    /// Enough for a tree of ten million files: no rank has to send more.
    static let byteCountMax = 2 << 30

    mutating func add(_ tail: RawSpan, page: UInt32, isLast: Bool) throws(WireError) {
        guard page == nextPage, !isComplete,
            bytes.count + tail.byteCount <= Self.byteCountMax
        else { throw .malformed }
        bytes += try tail.readBytes(tail.byteCount)
        nextPage += 1
        isComplete = isLast
    }
}

/// Bytes cut into tails; nothing at all is one empty page.
func inPages(_ bytes: [UInt8]) -> [(page: UInt32, bytes: ArraySlice<UInt8>, isLast: Bool)] {
    let count = max(1, (bytes.count + Head.tailMax - 1) / Head.tailMax)
    return (0..<count).map { page in
        let start = page * Head.tailMax
        let end = min(bytes.count, start + Head.tailMax)
        return (UInt32(page), bytes[start..<end], page == count - 1)
    }
}
