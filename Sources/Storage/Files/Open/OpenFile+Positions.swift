import CLinux
import Content
import Glibc

/// Reading and writing at any place of a file, by many threads at once.
extension OpenFile {
    borrowing func write(
        _ bytes: RawSpan, at offset: Int64, path: String
    ) throws(StorageError) {
        let raw = raw
        var written = 0
        while written < bytes.byteCount {
            let rest = bytes.extracting(written..<bytes.byteCount)
            let place = off_t(offset) + off_t(written)
            let count = try posix("pwrite", path) {
                unsafe rest.withUnsafeBytes {
                    unsafe pwrite(raw, $0.baseAddress, $0.count, place)
                }
            }
            guard count > 0 else { throw .system(call: "pwrite", path: path, errno: EIO) }
            written += count
        }
    }

    /// Fills all of `memory`: a file that ends before is not what it should be.
    borrowing func fill(
        _ memory: UnsafeMutableRawBufferPointer, at offset: Int64, path: String
    ) throws(StorageError) {
        let count = try unsafe read(into: memory, at: offset, path: path)
        guard count == memory.count else {
            throw .system(call: "pread", path: path, errno: EIO)
        }
    }

    borrowing func setLength(_ length: Int64, path: String) throws(StorageError) {
        let raw = raw
        try posix("ftruncate", path) { ftruncate(raw, off_t(length)) }
    }

    /// The date after the rights: nothing else may come later.
    borrowing func date(
        as entry: TreeEntry, mode: UInt16, path: String
    ) throws(StorageError) {
        let raw = raw
        try posix("fchmod", path) { fchmod(raw, mode_t(mode)) }
        let times = entry.modified.setting
        try posix("futimens", path) { unsafe futimens(raw, times) }
    }

    /// Some file systems report a full disk only when a descriptor is closed: closes a copy of
    /// this one, to hear it now.
    borrowing func hearErrors(path: String) throws(StorageError) {
        let raw = raw
        let copy = try posix("dup", path) { fcntl(raw, F_DUPFD_CLOEXEC, 0) }
        try OpenFile(raw: copy).close(path: path)
    }
}

extension FileTime {
    /// The times to set: that of the last access stays.
    var setting: [timespec] {
        let untouched = timespec(tv_sec: 0, tv_nsec: clinux_time_omitted)
        return [untouched, timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))]
    }

    /// Whether a file system that was given this time would report that of `status`. Some store no
    /// more than tenths of a microsecond, or seconds.
    func isKept(as status: stat) -> Bool {
        guard status.st_mtim.tv_sec == Int(seconds) else { return false }
        return [1, 100, 1000, 1_000_000_000].contains { grain in
            Int(nanoseconds) / grain * grain == status.st_mtim.tv_nsec
        }
    }
}
