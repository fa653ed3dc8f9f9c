import Content

/// The room in a cache: its contents, and the bytes that they take. It is created and used with the
/// lock held.
struct CacheRoom {
    private let folder: CacheFolder
    /// The contents, the one used longest ago first.
    private(set) var rows: [CacheRow]
    private var sizes: [Digest128: Int64]
    private let otherByteCount: Int64
    private var userCounts: [Digest128: Int]
    /// Files that no note names: killed processes left them.
    private let strays: Set<Digest128>

    init(of folder: CacheFolder) throws(StorageError) {
        self.folder = folder
        let hasUnknown: Bool
        (rows, hasUnknown) = try folder.rows()
        (sizes, otherByteCount) = try folder.sizes()
        var counts: [Digest128: Int] = [:]
        for row in rows {
            for case let key? in Set(row.keys) { counts[key, default: 0] += 1 }
        }
        userCounts = counts
        // Notes that cannot be read may be of files, too.
        strays = hasUnknown ? [] : Set(sizes.keys.filter { counts[$0] == nil })
    }

    var byteCount: Int64 { otherByteCount + sizes.values.reduce(0, +) }

    func size(of row: CacheRow) -> Int64 {
        Set(row.keys.compactMap(\.self)).reduce(0) { $0 + (sizes[$1] ?? 0) }
    }

    /// The bytes that are left if everything is evicted that may be.
    func leastByteCount(keeping kept: Digest128?) throws(StorageError) -> Int64 {
        var used: Set<Digest128> = []
        for row in rows {
            let isUsed = try folder.isUsed(row.note.fingerprint)
            guard isUsed || row.note.fingerprint == kept else { continue }
            used.formUnion(row.keys.compactMap(\.self))
        }
        let evictable = sizes.filter { userCounts[$0.key] != nil || strays.contains($0.key) }
            .filter { !used.contains($0.key) }
        return byteCount - evictable.values.reduce(0, +)
    }

    /// Evicts contents, the one that was used longest ago first, until no more than `byteCountMax`
    /// bytes are left; contents that running jobs use, and the `kept` one, stay. Returns those that
    /// were evicted.
    mutating func shrink(
        to byteCountMax: Int64, keeping kept: Digest128? = nil
    ) throws(StorageError) -> [CacheRow] {
        for key in strays { try remove(key) }
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
