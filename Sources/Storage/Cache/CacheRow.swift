import Content
package import Vocabulary

/// A content of the cache.
package struct CacheRow: Sendable {
    let note: CacheNote
    let keys: [Digest128?]
    /// Seconds since 1970, and nanoseconds.
    package let usedAt: Int64
    let nanoseconds: Int64
    /// The bytes of its files that are there, as they count on the disk. Files that several
    /// contents have in common count for each of them.
    package var size = ByteCount.zero
    /// A running job uses it.
    package var isUsed = false

    init(note: CacheNote, keys: [Digest128?], usedAt: Int64, nanoseconds: Int64) {
        self.note = note
        self.keys = keys
        self.usedAt = usedAt
        self.nanoseconds = nanoseconds
    }

    /// The first name of the tree.
    package var name: String { String(decoding: note.name, as: UTF8.self) }

    package var fileCount: Int { note.files.count }

    /// 32 digits.
    package var fingerprint: String { note.fingerprint.digits }
}
