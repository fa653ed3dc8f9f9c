import Content
import Vocabulary

/// The bytes of an ELF file, read in small parts: a program with debug information may have
/// gigabytes.
struct ElfBytes {
    let path: String
    let length: Int64
    private let source: (Extent) throws(StorageError) -> [UInt8]

    /// The longest part that headers may name: a file whose headers name a longer one is refused.
    static let partMax: Int64 = 1 << 20

    init(
        path: String, length: Int64,
        read source: @escaping (Extent) throws(StorageError) -> [UInt8]
    ) {
        self.path = path
        self.length = length
        self.source = source
    }

    /// Reads a part; a file that ends before it is damaged.
    func part(at start: UInt64, count: UInt64) throws(StorageError) -> [UInt8] {
        guard count <= UInt64(Self.partMax), start <= UInt64(length),
            count <= UInt64(length) - start
        else { throw flaw(.damaged) }
        guard let part = Extent(start: Int64(start), end: Int64(start + count)) else { return [] }
        return try source(part)
    }

    /// Reads the text up to the next zero byte; a text longer than a path makes the file damaged.
    func text(at start: UInt64) throws(StorageError) -> [UInt8] {
        guard start < UInt64(length) else { throw flaw(.damaged) }
        let count = min(UInt64(length) - start, UInt64(RelativePath.byteCountMax) + 1)
        let bytes = try part(at: start, count: count)
        guard let end = bytes.firstIndex(of: 0) else { throw flaw(.damaged) }
        return Array(bytes[..<end])
    }

    func flaw(_ flaw: StorageError.ExecutableFlaw) -> StorageError {
        .badExecutable(path: path, flaw)
    }
}

extension [UInt8] {
    /// A little-endian number of `count` bytes.
    func number(at start: Int, bytes count: Int) -> UInt64 {
        self[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
