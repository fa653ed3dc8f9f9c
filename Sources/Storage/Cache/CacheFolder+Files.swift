import Content
import Glibc
import Vocabulary

/// The bytes that the cache keeps.
extension CacheFolder {
    private static let suffix = ".mswc"

    static func name(of key: Digest128) -> String { key.digits + suffix }

    func path(of key: Digest128) -> String { "\(path)/files/\(Self.name(of: key))" }

    /// Nil where no file of that name and length is there.
    func file(_ key: Digest128, length: Int64) throws(StorageError) -> OpenFile? {
        let path = path(of: key)
        do throws(StorageError) {
            let file = try Self.open(Self.name(of: key), in: files, flags: O_RDONLY, path: path)
            let status = try file.status(path: path)
            guard status.st_mode & S_IFMT == S_IFREG, Int64(status.st_size) == length else {
                return nil
            }
            return file
        } catch .system("openat", _, let code) where [ENOENT, EACCES, ELOOP].contains(code) {
            return nil
        }
    }

    /// Nil where there is none.
    func status(of key: Digest128) throws(StorageError) -> stat? {
        do throws(StorageError) {
            return try files.status(
                of: Array(Self.name(of: key).utf8), follows: false, path: path(of: key))
        } catch .system(_, _, ENOENT) { return nil }
    }

    func remove(_ key: Digest128) throws(StorageError) {
        try files.unlinkIfThere(Self.name(of: key), path: path(of: key))
    }

    /// The bytes that each file takes on the disk, by its key; other files, such as those that are
    /// not complete yet, count without a key.
    func sizes() throws(StorageError) -> (known: [Digest128: Int64], other: Int64) {
        var known: [Digest128: Int64] = [:]
        var other: Int64 = 0
        try list("files", files) { name, size in
            if let key = Digest128(digitsOf: name, suffix: Self.suffix) {
                known[key] = size
            } else {
                other += size
            }
        }
        try list("drafts", drafts) { other += $1 }
        return (known, other)
    }

    private func list(
        _ name: String, _ folder: borrowing OpenFile, _ row: ([UInt8], Int64) -> Void
    ) throws(StorageError) {
        let above = "\(path)/\(name)"
        let listed = try OpenFile(folder: ".", in: folder, path: above)
        for bytes in try listed.names(path: above) {
            let path = "\(above)/\(String(decoding: bytes, as: UTF8.self))"
            do throws(StorageError) {
                let status = try folder.status(of: bytes, follows: false, path: path)
                row(bytes, Int64(status.st_blocks) * 512)
            } catch .system(_, _, ENOENT) { continue }
        }
    }
}

extension Digest128 {
    /// Nil for what is not `digits` and the suffix.
    init?(digitsOf name: [UInt8], suffix: String) {
        let digits = name.prefix(2 * Self.byteCount)
        guard digits.count == 2 * Self.byteCount,
            name.dropFirst(2 * Self.byteCount).elementsEqual(suffix.utf8),
            let text = String(validating: digits, as: UTF8.self),
            let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
        guard self.digits.utf8.elementsEqual(digits) else { return nil }
    }
}
