import Glibc

extension OpenFile {
    /// Fills the memory from a place in the file, in as many calls as it takes, and returns how
    /// many bytes there were: less than it holds only where the file ends.
    borrowing func read(
        into memory: UnsafeMutableRawBufferPointer, at offset: Int64, path: String
    ) throws(StorageError) -> Int {
        let raw = raw
        var filled = 0
        while filled < memory.count {
            let count = try posix("pread", path) {
                unsafe pread(
                    raw, memory.baseAddress.map { unsafe $0 + filled }, memory.count - filled,
                    off_t(offset + Int64(filled)))
            }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }
}
