import Content
import Testing
import Vocabulary

@testable import Staging

/// What ranks see, in few words.
enum Samples {
    static let time = FileTime(seconds: 1_600_000_000, nanoseconds: 5)!
    static let later = FileTime(seconds: 1_600_000_000, nanoseconds: 6)!

    static func folder(_ path: String) throws -> TreeEntry {
        TreeEntry(path: try RelativePath(path), body: .folder, mode: 0o755, modified: time)
    }

    static func file(
        _ path: String, _ length: Int64 = 10, modified: FileTime = time
    ) throws -> TreeEntry {
        let extents = [Extent(start: 0, end: length)].compactMap { $0 }
        return TreeEntry(
            path: try RelativePath(path), body: .file(length: length, extents: extents),
            mode: 0o644, modified: modified)
    }

    static func name(_ path: String, of other: String) throws -> TreeEntry {
        TreeEntry(
            path: try RelativePath(path), body: .sameFile(as: try RelativePath(other)), mode: 0o644,
            modified: time)
    }

    static func sight(
        _ inode: UInt64, device: UInt64 = 1, isFolder: Bool = true, system: UInt64 = 7
    ) -> SourceProbe {
        SourceProbe(
            isFolder: isFolder, device: device, inode: inode, size: 4096, modified: time,
            system: system)
    }

    /// Equal names are one node, unless a test gives numbers.
    static func survey(
        _ host: String, node: UInt64? = nil, _ sources: [SourceProbe?],
        to destination: String = "/scratch/new", isFolder: Bool = false
    ) -> Survey {
        let node = node ?? host.utf8.reduce(1) { $0 << 8 | UInt64($1) }
        return Survey(
            host: host, node: node, sources: sources, destination: destination,
            destinationIsFolder: isFolder)
    }

    static func wish(_ sources: String...) throws -> StageWish {
        StageWish(sources: sources, names: try sources.map { try RelativePath($0) })
    }

    /// One for each rank.
    static func surveys(_ surveys: Survey...) -> [Rank: Survey] {
        var all: [Rank: Survey] = [:]
        for (number, survey) in surveys.enumerated() { all[Rank(Int32(number))] = survey }
        return all
    }

    /// A list as it travels.
    static func encoded(_ entries: [TreeEntry]) throws -> [UInt8] {
        try TreeManifest(
            entries: entries, pieceLength: Manifest.pieceLengthMax, digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 0)
        ).encoded()
    }
}
