import CLinux
import Glibc

/// An open file or folder. Closed when it goes. Its calls take the path that errors are to name.
struct OpenFile: ~Copyable {
    let raw: Int32

    init(opening path: String, flags: Int32) throws(StorageError) {
        raw = try posix("open", path) { unsafe open(path, flags | O_CLOEXEC) }
    }

    /// A new file directly below `folder`, never through a link.
    init(
        creating name: String, in folder: borrowing OpenFile, path: String
    ) throws(StorageError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let below = folder.raw
        raw = try posix("openat", path) { unsafe openat(below, name, flags, 0o666) }
    }

    /// Takes over a descriptor.
    init(raw: Int32) { self.raw = raw }

    deinit { Glibc.close(raw) }

    /// Closes and says whether that went well: some file systems report a full disk only now.
    /// The descriptor is gone in either case, so an interrupted call is not repeated.
    consuming func close(path: String) throws(StorageError) {
        let raw = raw
        discard self
        guard Glibc.close(raw) == -1 else { return }
        let code = errno
        guard code == EINTR else { throw .system(call: "close", path: path, errno: code) }
    }

    /// All of `bytes`, in as many calls as it takes.
    borrowing func write(_ bytes: RawSpan, path: String) throws(StorageError) {
        let raw = raw
        var written = 0
        while written < bytes.byteCount {
            let rest = bytes.extracting(written..<bytes.byteCount)
            let count = try posix("write", path) {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(raw, $0.baseAddress, $0.count) }
            }
            guard count > 0 else { throw .system(call: "write", path: path, errno: EIO) }
            written += count
        }
    }

    /// Fills `bytes` from `start` on as far as one call goes; 0 at the end of the file.
    borrowing func read(
        into bytes: inout [UInt8], from start: Int, path: String
    ) throws(StorageError) -> Int {
        let raw = raw
        return try posix("read", path) {
            unsafe bytes.withUnsafeMutableBytes { memory in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start...])
                return unsafe Glibc.read(raw, rest.baseAddress, rest.count)
            }
        }
    }

    borrowing func status(path: String) throws(StorageError) -> stat {
        let raw = raw
        var status = stat()
        try posix("fstat", path) { unsafe fstat(raw, &status) }
        return status
    }
}
