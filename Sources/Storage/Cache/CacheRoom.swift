import Content

/// The room in a cache: its contents, and the bytes that they take. It is created and used with the
/// lock held.
struct CacheRoom {
    private let folder: CacheFolder
    /// The contents, the one used longest ago first.
    private(set) var rows: [CacheRow]
    private var sizes: [Digest128: Int64]
    private let otherByteCount: Int64
    private var userCounts: [Digest128: Int] = [:]

    init(of folder: CacheFolder) throws(StorageError) {
        self.folder = folder
        rows = try folder.rows()
        (sizes, otherByteCount) = try folder.sizes()
        for row in rows {
            for case let key? in Set(row.keys) { userCounts[key, default: 0] += 1 }
        }
        for key in sizes.keys.sorted(by: { ($0.high, $0.low) < ($1.high, $1.low) })
        where userCounts[key] == nil { try remove(key) }
    }

    var byteCount: Int64 { otherByteCount + sizes.values.reduce(0, +) }

    func size(of row: CacheRow) -> Int64 {
        Set(row.keys.compactMap(\.self)).reduce(0) { $0 + (sizes[$1] ?? 0) }
    }

    /// Evicts contents, the one used longest ago first, until no more than `byteCountMax` bytes are
    /// left. Contents that running jobs use, and the `kept` one, stay. Returns the evicted
    /// contents.
    mutating func shrink(
        to byteCountMax: Int64, keeping kept: Digest128? = nil
    ) throws(StorageError) -> [CacheRow] {
        var evicted: [CacheRow] = []
        for row in rows where byteCount > byteCountMax {
            guard row.note.fingerprint != kept, try !folder.isUsed(row.note.fingerprint) else {
                continue
            }
            try folder.forget(row.note.fingerprint)
            rows.removeAll { $0.note.fingerprint == row.note.fingerprint }
            evicted.append(row)
            for case let key? in Set(row.keys) {
                userCounts[key, default: 1] -= 1
                if userCounts[key] == 0 { try remove(key) }
            }
        }
        return evicted
    }

    private mutating func remove(_ key: Digest128) throws(StorageError) {
        try folder.remove(key)
        sizes[key] = nil
    }
}
