import Content
import Vocabulary

/// Trees for tests, and what makes them short to write.
enum TreeSamples {
    static let origin = TreeManifest.Origin(publisher: Rank(3), job: 0x0102_0304_0506_0708)

    static func time(_ seconds: Int64 = 1, _ nanoseconds: UInt32 = 2) throws -> FileTime {
        guard let time = FileTime(seconds: seconds, nanoseconds: nanoseconds) else {
            throw TreeError.badEntry(0)
        }
        return time
    }

    static func entry(
        _ path: String, _ body: TreeEntry.Body, mode: UInt16 = 0o644
    ) throws -> TreeEntry {
        TreeEntry(path: try RelativePath(path), body: body, mode: mode, modified: try time())
    }

    static func file(_ path: String, _ length: Int64) throws -> TreeEntry {
        try entry(path, .file(length: length, extents: Extent.whole(length)))
    }

    static func folder(_ path: String) throws -> TreeEntry {
        try entry(path, .folder, mode: 0o755)
    }

    static func extents(_ bounds: [(Int64, Int64)]) -> [Extent] {
        bounds.compactMap { Extent(start: $0.0, end: $0.1) }
    }

    static func manifest(
        _ entries: [TreeEntry], pieceLength: Int64 = 64, _ digest: DigestAlgorithm = .xxh3
    ) throws(TreeError) -> TreeManifest {
        try TreeManifest(
            entries: entries, pieceLength: ByteCount(pieceLength), digest: digest, origin: origin)
    }

    /// One of each kind.
    static func small() throws -> [TreeEntry] {
        [
            try folder("d"),
            try folder("d/a"),
            try file("d/a/x", 5),
            try entry("d/b", .file(length: 100, extents: extents([(10, 20), (21, 100)]))),
            try entry("d/c", .link(target: Array("a/x".utf8)), mode: 0o777),
            try entry("d/e", .sameFile(as: RelativePath("d/a/x"))),
            try file("d/é", 0),
            try file("f", 1),
        ]
    }

    /// Any tree, with many empty files and empty folders.
    static func random(_ chance: inout Chance) throws -> [TreeEntry] {
        var entries: [TreeEntry] = []
        try fill("", depth: 0, &entries, &chance)
        return entries
    }

    private static func fill(
        _ prefix: String, depth: Int, _ entries: inout [TreeEntry], _ chance: inout Chance
    ) throws {
        let names = ["-", "a", "a-", "aa", "b", String(repeating: "n", count: 200), "é"]
        for name in names where chance.below(2) == 0 {
            let path = prefix + name
            switch chance.below(6) {
            case 0:
                entries.append(try entry(path, .link(target: [UInt8(1 + chance.below(255))])))
            case 1:
                entries.append(try entry(path, try another(of: entries) ?? .folder))
            case 2, 3:
                entries.append(try folder(path))
                if depth < 3 { try fill(path + "/", depth: depth + 1, &entries, &chance) }
            default:
                let length = Int64(chance.below(3) == 0 ? 0 : chance.below(300))
                let middle = Int64(chance.below(300))
                let parts =
                    chance.below(2) == 0 || middle >= length
                    ? Extent.whole(length) : extents([(middle, length)])
                entries.append(try entry(path, .file(length: length, extents: parts)))
            }
        }
    }

    private static func another(of entries: [TreeEntry]) throws -> TreeEntry.Body? {
        let last = entries.last { if case .file = $0.body { true } else { false } }
        return last.map { .sameFile(as: $0.path) }
    }
}
