import Content
import Glibc
import Vocabulary

/// Reads a file and digests its pieces, as far as the file goes.
struct PieceDigesting {
    private let geometry: Geometry
    private let bufferByteCount: Int

    private static let bufferByteCountMin = 1 << 20

    init(_ geometry: Geometry) {
        self.geometry = geometry
        let length = Int(geometry.pieceLength.raw)
        bufferByteCount = length * max(1, Self.bufferByteCountMin / length)
    }

    /// Returns no digests if the file is missing, or has another size where that matters.
    func digests(
        of name: String, in folder: borrowing OpenFile, _ path: String, isComplete: Bool
    ) throws(StorageError) -> [Digest128] {
        let path = "\(path)/\(name)"
        let below = folder.raw
        let file: OpenFile
        do throws(StorageError) {
            let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC
            file = OpenFile(raw: try posix("openat", path) { unsafe openat(below, name, flags) })
        } catch .system("openat", _, ENOENT) { return [] }
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        guard !isComplete || Int64(status.st_size) == geometry.total.raw else { return [] }
        return try digests(of: file, path)
    }

    private func digests(
        of file: borrowing OpenFile, _ path: String
    ) throws(StorageError) -> [Digest128] {
        var digests: [Digest128] = []
        let buffer = PieceBuffer(byteCount: bufferByteCount)
        var offset: Int64 = 0
        while digests.count < geometry.pieceCount {
            let memory = unsafe UnsafeMutableRawBufferPointer(
                rebasing: buffer.memory[..<bufferByteCount])
            let count = try unsafe file.read(into: memory, at: offset, path: path)
            var start = 0
            while digests.count < geometry.pieceCount {
                let size = geometry.size(of: PieceIndex(digests.count))
                guard start + size <= count else { break }
                buffer.withBytes { bytes in
                    digests.append(XXH3.digest(of: bytes.extracting(start..<start + size)))
                }
                start += size
            }
            guard count == bufferByteCount else { break }
            offset += Int64(start)
        }
        return digests
    }
}
