import Glibc

/// Reads a file a part at a time, up to the end that it had when it was opened, so that a growing
/// file has an end, too. Like `readWhole`, it does not wait for a pipe.
package func readParts(
    path: String, partByteCount: Int = 1 << 20, _ body: (Span<UInt8>) -> Void
) throws(StorageError) {
    let file = try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let status = try file.status(path: path)
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    var part = [UInt8](repeating: 0, count: partByteCount)
    var rest = Int64(status.st_size)
    while rest > 0 {
        let count = try file.read(into: &part, from: 0, path: path)
        guard count > 0 else { return }
        body(part.span.extracting(0..<Int(min(Int64(count), rest))))
        rest -= Int64(count)
    }
}
