import Content
import Vocabulary

extension OpenFile {
    /// The parts of a file that contain bytes, from the file system. If it cannot report them, or
    /// there are more than the limit, all of the file counts as bytes.
    borrowing func extents(
        of length: Int64, path: String, countMax: Int = extentCountMax
    ) throws(StorageError) -> [Extent] {
        try FileExtents(of: raw, path: path).extents(of: length, countMax: countMax)
    }

    /// A file that was written in a pattern can have one part for each block; every rank stores 16
    /// bytes for each.
    static let extentCountMax = 1 << 16

    /// Reads only what the file system does not know to be a hole.
    borrowing func isZero(
        _ range: Range<Int64>, _ buffer: PieceBuffer, path: String
    ) throws(StorageError) -> Bool {
        let holes = FileExtents(of: raw, path: path)
        var offset = range.lowerBound
        while true {
            offset = try holes.nextData(from: offset) ?? range.upperBound
            guard offset < range.upperBound else { return true }
            let count = min(buffer.byteCount, Int(range.upperBound - offset))
            let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<count])
            try unsafe fill(memory, at: offset, path: path)
            guard unsafe memory.allSatisfy({ $0 == 0 }) else { return false }
            offset += Int64(count)
        }
    }
}
