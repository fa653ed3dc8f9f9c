import Content
import Vocabulary

/// Contents whose bytes follow a rule, so that another program can make the same.
enum TorrentSamples {
    static let pieceLength: Int64 = 32 << 10

    static func content(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8) * 13 + seed) }
    }

    static let single = [("data", content(100_000, 1))]
    static let folder = [
        ("b", content(40_000, 2)), ("a/z", content(16_384, 3)), ("a-b", content(1, 4)),
        ("a/y/x", content(150_000, 5)), ("empty", []),
    ]

    /// Digests as a plan says, with bytes by path; what has none is skipped.
    static func digests(
        _ plan: HashPlan, _ paths: [RelativePath], _ files: [(String, [UInt8])], part: Int = 10_007
    ) -> ContentDigests {
        var hasher = ContentHasher(plan)
        for (stretch, path) in zip(plan.stretches, paths) {
            hasher.begin()
            let bytes = files.first { $0.0 == path.description }?.1
            if stretch.isPad {
                hasher.addZeros()
            } else if let bytes {
                let read = bytes.prefix(Int(stretch.length))
                for start in stride(from: 0, to: read.count, by: part) {
                    let end = min(read.count, start + part)
                    unsafe hasher.add(bytes.span.bytes.extracting(start..<end))
                }
                hasher.skip(stretch.length - Int64(read.count))
            } else {
                hasher.skip(stretch.length)
            }
            hasher.end()
        }
        return hasher.finish()
    }

    static func torrent(
        _ version: Torrent.Version, _ files: [(String, [UInt8])], isSingleFile: Bool,
        change: (inout TorrentDraft) -> Void = { _ in }
    ) throws -> Torrent {
        let described = try files.map { (try RelativePath($0.0), Int64($0.1.count)) }
        guard
            var draft = TorrentDraft(
                version: version, name: try RelativePath(isSingleFile ? files[0].0 : "folder"),
                isSingleFile: isSingleFile, files: described, pieceLength: pieceLength)
        else { throw NoDraft() }
        change(&draft)
        return try draft.torrent(of: digests(draft.plan, draft.paths, files))
    }

    struct NoDraft: Error {}
}
