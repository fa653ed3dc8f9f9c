import Content
package import Vocabulary

/// The result of digesting all files of a cache.
package struct CacheCheck: Sendable {
    /// The contents with damaged files, and how many of these there are.
    package internal(set) var damaged: [(name: String, fileCount: Int)] = []
    package internal(set) var contentCount = 0
    package internal(set) var byteCount = ByteCount.zero
}

extension NodeCache {
    /// Digests every file. What was good is believed until the machine starts again; what was not
    /// is no longer believed, so that the next job that stages it fetches it again.
    package func check() throws(StorageError) -> CacheCheck {
        var check = CacheCheck()
        for row in try rows() {
            var reading = CacheReading(folder, row.note)
            try reading.readAll()
            check.contentCount += 1
            check.byteCount += ByteCount(reading.byteCount)
            var note = row.note
            note.boot = boot
            for file in note.files.indices { note.files[file].stamp = reading.stamps[file] }
            try update(note, without: [])
            if !reading.damaged.isEmpty {
                check.damaged.append((row.name, reading.damaged.count))
            }
        }
        return check
    }
}
