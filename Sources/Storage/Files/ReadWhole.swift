import CLinux
import Glibc

/// The greatest input that is read into memory.
package let wholeFileByteCountMax = 1 << 30

/// Reads a file of bytes to its end. Refuses other entries without waiting for them: opening a pipe
/// without a writer would block.
package func readWhole(
    path: String, byteCountMax: Int = wholeFileByteCountMax
) throws(StorageError) -> [UInt8] {
    let file = try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let status = try file.status(path: path)
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard status.st_size <= byteCountMax else {
        throw .tooLong(path: path, byteCountMax: byteCountMax)
    }
    // One more byte than the file has, so that the last call sees the end without growing.
    return try readToEnd(
        of: file, expecting: status.st_size + 1, byteCountMax: byteCountMax, path: path)
}

/// Reads an open file, a pipe or a terminal to its end. It is still open afterwards.
package func readWhole(
    descriptor: Int32, byteCountMax: Int = wholeFileByteCountMax, path: String
) throws(StorageError) -> [UInt8] {
    let file = OpenFile(raw: try posix("dup", path) { dup(descriptor) })
    return try readToEnd(of: file, expecting: 4096, byteCountMax: byteCountMax, path: path)
}

private func readToEnd(
    of file: borrowing OpenFile, expecting count: Int, byteCountMax: Int, path: String
) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while true {
        let count = try file.read(into: &bytes, from: filled, path: path)
        filled += count
        guard filled <= byteCountMax else {
            throw .tooLong(path: path, byteCountMax: byteCountMax)
        }
        if count == 0 { break }
        if filled == bytes.count {
            bytes.append(contentsOf: repeatElement(0, count: bytes.count))
        }
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
}
