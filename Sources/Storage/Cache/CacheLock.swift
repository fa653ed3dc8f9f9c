import Glibc

/// A shared lock, by which a job keeps a content of the cache from being evicted.
final class CacheLock: Sendable {
    private let file: OpenFile

    init(_ file: consuming OpenFile, path: String) throws(StorageError) {
        let raw = file.raw
        try posix("flock", path) { flock(raw, LOCK_SH | LOCK_NB) }
        self.file = file
    }

    /// The lock is released by a call, because a program that is being started may hold a copy of
    /// the descriptor.
    deinit { flock(file.raw, LOCK_UN) }
}
