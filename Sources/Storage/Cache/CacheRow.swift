import Content
package import Vocabulary

/// A content of the cache.
package struct CacheRow: Sendable {
    let note: CacheNote
    let keys: [Digest128?]
    /// The time of the last use, in seconds since 1970, and its nanoseconds.
    package let usedAt: Int64
    let nanoseconds: Int64
    /// The bytes that the content's files take on the disk. Files that several contents have in
    /// common count for each of them.
    package var size = ByteCount.zero
    /// Whether a running job uses the content.
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
