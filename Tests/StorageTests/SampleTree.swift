import Content
import Glibc
import Vocabulary

@testable import Storage

/// A small tree in memory, described and cut as a publisher would, and the means to receive it.
struct SampleTree {
    private(set) var entries: [TreeEntry] = []
    private(set) var bytes: [String: [UInt8]] = [:]
    var pieceLength: Int64 = 1000
    var algorithm = DigestAlgorithm.xxh3

    static let date = FileTime(seconds: 1_600_000_000, nanoseconds: 123_456_789)!

    mutating func add(_ path: String, _ body: TreeEntry.Body, mode: UInt16) throws {
        entries.append(
            TreeEntry(path: try RelativePath(path), body: body, mode: mode, modified: Self.date))
    }

    mutating func folder(_ path: String, mode: UInt16 = 0o755) throws {
        try add(path, .folder, mode: mode)
    }

    mutating func file(_ path: String, _ count: Int, mode: UInt16 = 0o644) throws {
        let seed = entries.count
        bytes[path] = (0..<count).map { UInt8(truncatingIfNeeded: ($0 ^ $0 >> 7) &+ seed * 37 + 1) }
        let extents = [Extent(start: 0, end: Int64(count))].compactMap { $0 }
        try add(path, .file(length: Int64(count), extents: extents), mode: mode)
    }

    /// A sparse file with bytes only in `ranges`.
    mutating func sparse(_ path: String, _ length: Int, _ ranges: [Range<Int>]) throws {
        var content = [UInt8](repeating: 0, count: length)
        for range in ranges { for place in range { content[place] = UInt8(place % 250 + 1) } }
        bytes[path] = content
        let extents = ranges.compactMap {
            Extent(start: Int64($0.lowerBound), end: Int64($0.upperBound))
        }
        try add(path, .file(length: Int64(length), extents: extents), mode: 0o644)
    }

    mutating func link(_ path: String, to target: String) throws {
        try add(path, .link(target: Array(target.utf8)), mode: 0o777)
    }

    mutating func sameFile(_ path: String, as other: String) throws {
        try add(path, .sameFile(as: RelativePath(other)), mode: 0o644)
    }

    /// A tree with an entry of each kind.
    static func everything() throws -> SampleTree {
        var tree = SampleTree()
        try tree.folder("set")
        try tree.file("set/a", 2500)
        try tree.link("set/dangling", to: "/nowhere/at all")
        try tree.folder("set/deep", mode: 0o555)
        try tree.file("set/deep/b", 300, mode: 0o400)
        try tree.file("set/deep/c", 10, mode: 0o755)
        try tree.folder("set/deep/empty")
        try tree.file("set/deep/nothing", 0)
        try tree.link("set/deep/up", to: "../a")
        try tree.sameFile("set/deep/z", as: "set/a")
        try tree.sparse("set/holes", 200_000, [8192..<8200, 150_000..<151_000])
        try tree.file("set/last", 4321, mode: 0o4711)
        return tree
    }

    /// Gives a file other bytes, and the same length and date.
    mutating func alter(_ path: String) { bytes[path] = bytes[path]?.map { $0 ^ 1 } }

    /// Some of its entries.
    func part(_ paths: String...) throws -> SampleTree {
        var part = SampleTree()
        part.entries = entries.filter { paths.contains($0.path.description) }
        part.bytes = bytes
        part.pieceLength = pieceLength
        return part
    }

    func manifest() throws -> TreeManifest {
        try TreeManifest(
            entries: entries, pieceLength: ByteCount(pieceLength), digest: algorithm,
            origin: TreeManifest.Origin(publisher: Rank(1), job: 7))
    }

    func area(
        in base: String, rename: String? = nil, _ options: PartOptions = PartOptions(),
        fingerprint: UInt64 = 1
    ) throws -> PartArea {
        try PartArea(
            manifest(), fingerprint: Digest128(high: fingerprint, low: 2), base: base,
            rename: rename.map { try RelativePath($0) }, options)
    }

    func piece(_ piece: PieceIndex, of manifest: TreeManifest) -> [UInt8] {
        var whole: [UInt8] = []
        for stretch in manifest.stretches(of: piece) {
            let content = bytes[entries[stretch.entry].path.description]!
            whole += content[Int(stretch.offset)..<Int(stretch.offset) + stretch.count]
        }
        return whole
    }

    static func digest(
        _ bytes: [UInt8], _ algorithm: DigestAlgorithm = .xxh3
    ) -> PieceDigest {
        PieceDigest(Digester.digest(of: bytes, algorithm))!
    }

    func write(_ piece: PieceIndex, to area: PartArea) throws {
        let bytes = self.piece(piece, of: area.layout.manifest)
        try unsafe area.write(bytes.span.bytes, as: piece, digest: Self.digest(bytes, algorithm))
    }

    /// Writes all missing pieces. Returns their number.
    @discardableResult
    func fill(_ area: PartArea) throws -> Int {
        var count = 0
        for position in 0..<area.geometry.pieceCount where !area.holds(PieceIndex(position)) {
            try write(PieceIndex(position), to: area)
            count += 1
        }
        return count
    }

    func read(_ piece: PieceIndex, from area: PartArea) throws -> [UInt8] {
        let buffer = PieceBuffer(byteCount: area.geometry.size(of: piece))
        for place in 0..<buffer.byteCount { unsafe buffer.memory[place] = 0xEE }
        try unsafe area.read(piece, into: buffer.memory)
        return unsafe Array(buffer.memory[..<buffer.byteCount])
    }
}
