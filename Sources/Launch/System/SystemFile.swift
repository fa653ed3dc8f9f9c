import Glibc

/// A file that the kernel writes when it is read, such as those below /proc.
enum SystemFile {
    /// More than any of these files that this program reads.
    private static let byteCountMax = 64 << 10

    /// Nil where it cannot be read.
    static func text(at path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while text.count < byteCountMax {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { return nil }
            if count == 0 { break }
            text += chunk[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
