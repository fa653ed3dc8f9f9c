import CLinux
package import Content
import Glibc
import Vocabulary

/// A file that is read from its beginning to its end, in parts.
package struct SourceFile: ~Copyable {
    private let file: OpenFile
    private let path: String
    /// When it was opened.
    package let state: FileState

    init(_ file: consuming OpenFile, path: String) throws(StorageError) {
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        state = try FileState(status, path: path)
        self.file = file
        self.path = path
    }

    /// The next bytes, as many as one call gives; 0 at the end.
    package borrowing func read(into buffer: inout [UInt8]) throws(StorageError) -> Int {
        try file.read(into: &buffer, from: 0, path: path)
    }

    /// A part of it, which must be there.
    package borrowing func read(_ part: Extent) throws(StorageError) -> [UInt8] {
        let buffer = PieceBuffer(byteCount: Int(part.end - part.start))
        let memory = unsafe UnsafeMutableRawBufferPointer(
            rebasing: buffer.memory[..<buffer.byteCount])
        try unsafe file.fill(memory, at: part.start, path: path)
        return buffer.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
    }
}
