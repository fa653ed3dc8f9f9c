import Vocabulary

/// The libraries that `ldconfig` has found in the folders of the system, as the dynamic loader
/// reads them from `/etc/ld.so.cache`.
///
///     header:  20 bytes magic and version, 4 number of rows, 24 more
///     row:     4 flags, 4 place of the name, 4 place of the path, 4 -, 8 kinds of processor
///
/// Places count from the start of the header. Rows for certain kinds of processor are left out,
/// because the nodes that get the copy may have others.
package struct LoaderCache: Sendable {
    private var paths: [[UInt8]: [String]] = [:]

    private static let magic = Array("glibc-ld.so.cache1.1".utf8)
    /// The magic of an older table that may come before the new one.
    private static let oldMagic = Array("ld.so-1.7.0".utf8)
    private static let headerSize = 48
    private static let rowSize = 24
    private static let oldHeaderSize = 16
    private static let oldRowSize = 12
    static let byteCountMax = 64 << 20

    package init() {}

    /// The cache is empty if the file is missing or damaged: the loader ignores such a file, too.
    package init(path: String) {
        do throws(StorageError) {
            self.init(bytes: try readWhole(path: path, byteCountMax: Self.byteCountMax))
        } catch { self.init() }
    }

    init(bytes: [UInt8]) {
        guard let start = Self.start(in: bytes), bytes.count - start >= Self.headerSize else {
            return
        }
        let count = bytes.number(at: start + 20, bytes: 4)
        let fitting = UInt64((bytes.count - start - Self.headerSize) / Self.rowSize)
        guard count <= fitting else { return }
        for number in 0..<Int(count) {
            let row = start + Self.headerSize + number * Self.rowSize
            guard bytes.number(at: row + 16, bytes: 8) == 0,
                let name = Self.text(bytes, at: start + Int(bytes.number(at: row + 4, bytes: 4))),
                let path = Self.text(bytes, at: start + Int(bytes.number(at: row + 8, bytes: 4)))
            else { continue }
            paths[name, default: []].append(String(decoding: path, as: UTF8.self))
        }
    }

    /// The paths of a library, in the order of the cache; some may be for another machine.
    func paths(of name: [UInt8]) -> [String] { paths[name] ?? [] }

    private static func start(in bytes: [UInt8]) -> Int? {
        if bytes.starts(with: magic) { return 0 }
        guard bytes.starts(with: oldMagic), bytes.count >= oldHeaderSize else { return nil }
        let rows = Int(bytes.number(at: 12, bytes: 4))
        let end = oldHeaderSize + rows * oldRowSize
        // The newer table begins at a multiple of eight.
        let start = (end + 7) / 8 * 8
        guard start <= bytes.count, bytes[start...].starts(with: magic) else { return nil }
        return start
    }

    private static func text(_ bytes: [UInt8], at start: Int) -> [UInt8]? {
        guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0), end > start else {
            return nil
        }
        return Array(bytes[start..<end])
    }
}
