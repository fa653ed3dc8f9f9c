import Content
import Vocabulary

/// The places of the bytes of all files in an archive that has them as they are: they need not be
/// written to a file of their own, and those of large files are not read before they are needed.
struct ArchivePlaces {
    /// The archive.
    let file: SharedFile
    private let path: String
    private let buffer: PieceBuffer

    /// The number of bytes of each file that are compared with those at its place.
    private static let beginningMax = 4096

    init(_ file: SharedFile, path: String) {
        self.file = file
        self.path = path
        buffer = PieceBuffer(byteCount: Self.beginningMax)
    }

    /// Finds the bytes of one file, and reads the first of them. Nil if they do not lie in one
    /// part, or not where the library says: another version of it may count otherwise.
    func find(
        _ reader: inout ArchiveReader
    ) throws(StorageError) -> (start: Int64, length: Int64, extents: [Extent])? {
        guard !reader.isSparse else { return nil }
        var beginning: [UInt8] = []
        var offset: Int64 = 0
        var isMore = true
        while isMore, beginning.isEmpty {
            isMore = try reader.nextBlock { (place, bytes) throws(StorageError) in
                offset = place
                let first = bytes.extracting(0..<min(bytes.byteCount, Self.beginningMax))
                beginning = unsafe first.withUnsafeBytes { unsafe Array($0) }
            }
        }
        let length = reader.length
        guard !beginning.isEmpty else { return (0, length, []) }
        let start = reader.blockPlace
        guard offset == 0, length >= beginning.count,
            let extent = Extent(start: 0, end: length), try has(beginning, at: start)
        else { return nil }
        try reader.skip()
        return (start, length, [extent])
    }

    private func has(_ beginning: [UInt8], at start: Int64) throws(StorageError) -> Bool {
        let memory = unsafe UnsafeMutableRawBufferPointer(
            rebasing: buffer.memory[..<beginning.count])
        let count = try unsafe file.file.read(into: memory, at: start, path: path)
        guard count == beginning.count else { return false }
        return unsafe memory.elementsEqual(beginning)
    }
}
