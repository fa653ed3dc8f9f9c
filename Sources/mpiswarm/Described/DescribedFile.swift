import Content
import Storage
import Vocabulary

/// The entry of a seed file, a torrent or a manifest for one file.
struct DescribedFile {
    private let metainfo: Metainfo

    init(_ path: String) throws(MetainfoCommandError) {
        metainfo = try readMetainfo(path, pieceSize: nil).metainfo
    }

    /// Nil for a description of a folder, or with digests of no bytes.
    var name: RelativePath? {
        metainfo.isSingleFile && metainfo.plan != nil ? metainfo.name : nil
    }
    var size: Int64 { metainfo.total }
    /// None for a torrent or seed file: their digests do not name a content.
    var content: ContentID {
        if case .manifest(let manifest) = metainfo { manifest.withoutName.contentID } else { .none }
    }

    /// Whether the file at that path has these digests.
    func holds(_ path: String, whileWanted isWanted: @escaping () -> Bool) -> Bool {
        guard let plan = metainfo.plan else { return false }
        do throws(MetainfoCommandError) {
            let tree = try openTree(path)
            var reading = try ContentReading(plan, whileWanted: isWanted)
            let findings = metainfo.findings(in: reading.digests([nil], in: tree))
            let verdict = Verdict(
                plan: plan, paths: metainfo.paths, findings: findings,
                troubles: reading.troubles)
            return verdict.isGood
        } catch { return false }
    }
}
