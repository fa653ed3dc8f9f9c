import Glibc

/// An exclusive lock on a file, which is released when this value ends.
///
/// It is released by a call, because the end of the descriptor is not enough: a process that is
/// being started holds copies of all descriptors until it runs its program.
struct FileLock: ~Copyable {
    let file: OpenFile

    /// Fails with EWOULDBLOCK if another process holds the lock.
    init(_ file: consuming OpenFile, path: String) throws(StorageError) {
        let raw = file.raw
        try posix("flock", path) { flock(raw, LOCK_EX | LOCK_NB) }
        self.file = file
    }

    deinit { flock(file.raw, LOCK_UN) }
}
