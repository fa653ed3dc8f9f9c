import Vocabulary

/// Divides an archive, while it is being read, into parts of about the same packed length.
///
/// Invariant: the next run divides the same archive at the same entries.
struct ArchiveParts {
    let count: Int
    private let packedByteCount: Int64
    /// The number of parts that are complete.
    private(set) var taken = 0

    init(count: Int, of packedByteCount: Int64) {
        precondition(count > 0 && packedByteCount >= 0)
        self.count = count
        self.packedByteCount = packedByteCount
    }

    /// Takes the number of the part that is complete when `place` packed bytes are read. A part
    /// that ends in the middle of an entry is empty, as the entry belongs to the part before. The
    /// last part is complete at the end.
    mutating func take(at place: Int64) -> Int? {
        guard taken < count - 1, place >= packedByteCount / Int64(count) * Int64(taken + 1)
        else { return nil }
        taken += 1
        return taken - 1
    }

    /// Takes the number of the next part at the end of the archive.
    mutating func takeAtEnd() -> Int? {
        guard taken < count else { return nil }
        taken += 1
        return taken - 1
    }
}
