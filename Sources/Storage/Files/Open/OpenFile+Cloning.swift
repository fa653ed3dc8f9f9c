import CLinux
import Content
import Glibc
import Vocabulary

extension OpenFile {
    /// Lets an empty file share the bytes of this one until one of them is written to. False where
    /// the file system cannot do that.
    borrowing func reflink(to copy: borrowing OpenFile) -> Bool { clinux_clone(raw, copy.raw) == 0 }

    /// Makes an empty file a copy of this one, as cheaply as the file system allows. Bytes outside
    /// of the extents need not be copied.
    borrowing func clone(
        to copy: borrowing OpenFile, _ extents: [Extent], path: String, copyPath: String
    ) throws(StorageError) {
        if reflink(to: copy) { return }
        for extent in extents {
            let copied = try copyInKernel(extent, to: copy, path: copyPath)
            try copyByHand(
                extent.start + copied..<extent.end, to: copy, path: path, copyPath: copyPath)
        }
    }

    /// The number of bytes that the kernel copied. A copy that it cannot make between these two
    /// files is made by reads and writes.
    private borrowing func copyInKernel(
        _ extent: Extent, to copy: borrowing OpenFile, path: String
    ) throws(StorageError) -> Int64 {
        let from = raw
        let to = copy.raw
        var source = extent.start
        var target = extent.start
        while source < extent.end {
            let rest = Int(extent.end - source)
            do throws(StorageError) {
                let count = try posix("copy_file_range", path) {
                    unsafe clinux_copy_range(from, &source, to, &target, rest)
                }
                if count == 0 { break }
            } catch .system(_, _, let code)
                where [ENOSYS, EXDEV, EINVAL, EOPNOTSUPP].contains(code)
            {
                break
            }
        }
        return source - extent.start
    }

    private borrowing func copyByHand(
        _ range: Range<Int64>, to copy: borrowing OpenFile, path: String, copyPath: String
    ) throws(StorageError) {
        let buffer = PieceBuffer(byteCount: min(1 << 20, range.count))
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = min(buffer.byteCount, Int(range.upperBound - offset))
            let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<count])
            try unsafe fill(memory, at: offset, path: path)
            try buffer.withBytes { bytes throws(StorageError) in
                try copy.write(bytes.extracting(0..<count), at: offset, path: copyPath)
            }
            offset += Int64(count)
        }
    }
}
