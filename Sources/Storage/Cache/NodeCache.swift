import Content
import Glibc
import Synchronization
package import Vocabulary

/// The cache of a user on a node, which keeps staged files for later jobs. Many threads and
/// processes may use it at once.
///
/// A cache decides nothing: its pieces are trusted under the same rules as those of an interrupted
/// job, and no file gets its name before its pieces are compared with the publisher's.
package final class NodeCache: Sendable {
    let folder: CacheFolder
    /// The size limit; nil for none.
    private let byteCountMax: Int64?
    /// Nothing is believed that was not digested in this job.
    let verifies: Bool
    /// Whether a file of the cache and its copies may be one file with several names.
    let links: Bool
    /// The reason why there can be no such names, once that is known.
    let obstacle = Mutex<StorageError?>(nil)
    let boot: PieceDigest
    /// Shorter files are not kept: to find and copy one takes longer than to fetch it.
    let fileByteCountMin: Int64
    /// The contents that this process uses.
    private let uses = Mutex<[Digest128: CacheLock]>([:])

    /// Creates the folder where it is missing, for this user alone. Fails with `.foreign` if it
    /// belongs to another user or others may write to it, and with `.notACache` if it has anything
    /// that no cache has.
    init(
        at path: String, byteCountMax: Int64? = nil, verifies: Bool = false, links: Bool = false,
        creates: Bool = true, lockPatience: Duration = CacheFolder.lockPatience,
        boot: PieceDigest? = nil, fileByteCountMin: Int64 = 64 << 10
    ) throws(StorageError) {
        self.fileByteCountMin = fileByteCountMin
        folder = try CacheFolder(path: path, creates: creates, lockPatience: lockPatience)
        self.byteCountMax = byteCountMax
        self.verifies = verifies
        self.links = links
        if let boot { self.boot = boot } else { self.boot = try PartRecord.boot() }
    }

    package convenience init(
        at path: String, byteCountMax: Int64?, verifies: Bool, links: Bool
    ) throws(StorageError) {
        try self.init(
            at: path, byteCountMax: byteCountMax, verifies: verifies, links: links, creates: true)
    }

    /// One that exists. Nothing is made or removed.
    package convenience init(existingAt path: String) throws(StorageError) {
        try self.init(at: path, creates: false)
    }

    package var path: String { folder.path }

    /// The note on a tree; nil if the cache has nothing of it. The content stays in the cache from
    /// now on, for as long as this value lives.
    func note(of manifest: TreeManifest) throws(StorageError) -> CacheNote? {
        guard manifest.digest == .sha256 else { return nil }
        return try folder.withLock { () throws(StorageError) in
            let fingerprint = manifest.lastingFingerprint
            guard let note = try folder.note(of: fingerprint), note.describes(manifest) else {
                return nil
            }
            try folder.touch(fingerprint)
            try keep(fingerprint)
            return note
        }
    }

    /// Keeps a content from being evicted. To be called with the lock held.
    func keep(_ fingerprint: Digest128) throws(StorageError) {
        guard uses.withLock({ $0[fingerprint] }) == nil else { return }
        let use = try folder.use(fingerprint)
        uses.withLock { $0[fingerprint] = use }
    }

    /// Notes the states of files in the cache, and removes damaged ones. If another job has
    /// replaced the note by one with other digests, that note stays.
    func update(_ note: CacheNote, without damaged: [Int]) throws(StorageError) {
        let keys = note.keys
        try folder.withLock { () throws(StorageError) in
            for file in damaged {
                if let key = keys[file] { try folder.remove(key) }
            }
            guard try folder.note(of: note.fingerprint)?.digests == note.digests else { return }
            try folder.write(note)
        }
    }

    /// Whether links are wished, and none was found to be impossible.
    var mayLink: Bool { links && obstacle.withLock { $0 == nil } }

    /// Makes a link. False if there can be none between the cache and this copy, or no further one
    /// of this file, so that it has to be copied.
    func link(_ make: () throws(StorageError) -> Void) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try make()
            return true
        } catch {
            guard case .system("linkat", _, let code) = error,
                [EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS, EEXIST].contains(code)
            else { throw error }
            if code != EMLINK, code != EEXIST { obstacle.withLock { $0 = $0 ?? error } }
            return false
        }
    }

    /// Adds a finished content, unless another process is doing that. False where there is no room
    /// for it.
    func add(
        _ manifest: TreeManifest, _ part: PartArea, digests: [PieceDigest?],
        sources: [FileStamp?] = []
    ) throws(StorageError) -> Bool {
        guard manifest.digest == .sha256 else { return true }
        var draft = CacheDraft(self, manifest, part, digests: digests, sources: sources)
        let isAdded = try folder.adding(manifest.lastingFingerprint) { () throws(StorageError) in
            try draft.add()
        }
        if isAdded == nil { try draft.keepNote() }
        return isAdded ?? true
    }

    /// Only with the lock held. Nothing is evicted if that would not be enough. `written` are the
    /// bytes that the disk needs room for; a link needs none.
    func makeRoom(
        for needed: Int64, written: Int64, keeping kept: Digest128
    ) throws(StorageError) -> Bool {
        let lacking = written - (try DiskRoom(at: folder.path).available)
        guard byteCountMax != nil || lacking > 0 else { return true }
        var room = try CacheRoom(of: folder)
        var most = byteCountMax.map { $0 - needed } ?? .max
        if lacking > 0 { most = min(most, room.byteCount - lacking) }
        guard try room.leastByteCount(keeping: kept) <= most else { return false }
        _ = try room.shrink(to: most, keeping: kept)
        return room.byteCount <= most
    }
}

extension NodeCache {
    /// All contents, the one used last first.
    package func rows() throws(StorageError) -> [CacheRow] {
        try folder.withLock { () throws(StorageError) in
            let room = try CacheRoom(of: folder)
            var rows = Array(room.rows.reversed())
            for index in rows.indices {
                rows[index].size = ByteCount(room.size(of: rows[index]))
                rows[index].isUsed = try folder.isUsed(rows[index].note.fingerprint)
            }
            return rows
        }
    }

    /// Evicts what was used longest ago and is not in use, until no more than that number of bytes
    /// are left. Returns the evicted contents and the bytes that are left.
    package func prune(
        to byteCountMax: Int64
    ) throws(StorageError) -> (evicted: [CacheRow], left: ByteCount) {
        try folder.withLock { () throws(StorageError) in
            var room = try CacheRoom(of: folder)
            let sizes = room.rows.map { room.size(of: $0) }
            let names = room.rows.map(\.fingerprint)
            var evicted = try room.shrink(to: byteCountMax)
            for index in evicted.indices {
                guard let position = names.firstIndex(of: evicted[index].fingerprint) else {
                    continue
                }
                evicted[index].size = ByteCount(sizes[position])
            }
            return (evicted, ByteCount(room.byteCount))
        }
    }
}
