import CLinux
import Content
import Glibc
import Storage
import Vocabulary

/// The place on this rank where the described files may be.
struct DescribedFolder: Sendable {
    let metainfo: Metainfo
    let plan: HashPlan
    /// The folder to look in. If the entry of the right name is a link, it is the target of the
    /// link, and that alone: users often link to files that they keep in other places.
    let root: String
    private let isLinked: Bool

    /// Nil if `folder` is no folder.
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

    /// Whether the only file is the one with the right name.
    var isOnlyFile: Bool { isLinked && metainfo.isSingleFile }

    /// For each stretch the file of its name, below the root. Nil if there is none, or if it is the
    /// root.
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
        do throws(PathError) {
            return [try RelativePath("\(metainfo.name)/\(path)"), path]
        } catch { return [path] }
    }

    /// Whether a file here could be a described one, by name or length.
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
