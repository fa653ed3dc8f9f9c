import CLinux
import Content
import Glibc
import Storage
import Vocabulary

/// Where on this rank the files may lie that a torrent or a seed file describes.
struct DescribedFolder: Sendable {
    let metainfo: Metainfo
    let plan: HashPlan
    /// The folder to look in. Where what has the right name is a link, it is what that leads to,
    /// and that alone: what users keep elsewhere is often linked to.
    let root: String
    private let isLinked: Bool

    /// Nil where `folder` is none.
    init?(_ metainfo: Metainfo, _ folder: String) throws(MetainfoCommandError) {
        guard let plan = metainfo.plan else { throw .labels(folder) }
        guard Self.isThere(folder, S_IFDIR) else { return nil }
        self.metainfo = metainfo
        self.plan = plan
        let named = "\(folder)/\(metainfo.name)"
        isLinked =
            Self.isLink(named) && Self.isThere(named, metainfo.isSingleFile ? S_IFREG : S_IFDIR)
        root = isLinked ? named : folder
    }

    /// Whether all there is, is the file that has the name.
    var isOnlyFile: Bool { isLinked && metainfo.isSingleFile }

    /// For each stretch the file that has its name, beneath the root. Nil where there is none, and
    /// where it is the root.
    var named: [RelativePath?] {
        zip(plan.stretches, metainfo.paths).map { stretch, path in
            guard !stretch.isPad, !isOnlyFile else { return nil }
            return candidates(path).first {
                Self.isThere("\(root)/\($0)", S_IFREG)
            }
        }
    }

    private func candidates(_ path: RelativePath) -> [RelativePath] {
        guard !metainfo.isSingleFile, !isLinked else { return [path] }
        do throws(PathFlaw) {
            return [try RelativePath("\(metainfo.name)/\(path)"), path]
        } catch { return [path] }
    }

    /// Whether anything here could be what is described, as far as names and lengths tell.
    func mayHoldSome() throws(MetainfoCommandError) -> Bool {
        if isOnlyFile || named.contains(where: { $0 != nil }) { return true }
        let lengths = Set(plan.stretches.filter { !$0.isPad && $0.length > 0 }.map(\.length))
        return try openTree(root).search().contains { lengths.contains($0.length) }
    }

    private static func isThere(_ path: String, _ kind: mode_t) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == kind
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
