import Content
import Glibc
import Storage
import Vocabulary

/// A seed file, torrent or manifest of one file, named in a shell.
struct ShellMetainfo {
    private let metainfo: Metainfo

    /// Nil where there is no such file at that path: then it is a name.
    init?(_ path: String) {
        let suffixes = [".torrent", ".seed", ".manifest"]
        guard suffixes.contains(where: path.hasSuffix), unsafe access(path, R_OK) == 0 else {
            return nil
        }
        do throws(MetainfoCommandError) {
            metainfo = try readMetainfo(path, pieceSize: nil).metainfo
        } catch { return nil }
        guard metainfo.isSingleFile, metainfo.plan != nil else { return nil }
    }

    var name: String { metainfo.name.description }
    var size: Int64 { metainfo.total }

    /// Whether the file there has these digests.
    func holds(_ path: String) -> Bool {
        guard let plan = metainfo.plan else { return false }
        do throws(MetainfoCommandError) {
            let tree = try openTree(path)
            var reading = try ContentReading(plan)
            let findings = metainfo.findings(in: reading.digests([nil], in: tree))
            let verdict = Verdict(
                plan: plan, paths: metainfo.paths, findings: findings,
                troubles: reading.troubles)
            return verdict.isGood
        } catch { return false }
    }
}
