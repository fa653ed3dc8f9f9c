import CLinux
import CommandLine
import Content
import Glibc
import Storage
import Vocabulary

/// What lies on this rank of a content that a torrent or a seed file describes: found by name, or
/// a single file by its length and its digests, of which most have to be right where several have
/// that length.
struct HeldContent {
    let metainfo: Metainfo
    /// The folder, or the only file.
    let root: String
    /// What was read to find it; nil where the name was enough.
    private var known: (findings: Findings, troubles: [ContentReading.Trouble])?

    /// Nil where nothing of it is under `folder`.
    init?(_ metainfo: Metainfo, under folder: String) throws(MetainfoCommandError) {
        self.metainfo = metainfo
        let named = "\(folder)/\(metainfo.name)"
        if Self.isThere(named, asFolder: !metainfo.isSingleFile) {
            root = named
        } else if !metainfo.isSingleFile {
            let isHere = metainfo.paths.contains {
                Self.isThere("\(folder)/\($0)", asFolder: false)
            }
            guard isHere else { return nil }
            root = folder
        } else {
            guard let found = try Self.renamed(metainfo, under: folder) else { return nil }
            root = found.path
            known = (found.findings, [])
        }
    }

    /// The files of which some bytes are as described, with those as their extents, and the folders
    /// above them. They have no dates of their own: the same bytes are the same file on every rank.
    mutating func entries() throws(MetainfoCommandError) -> [TreeEntry] {
        let (findings, troubles) = try findings()
        guard let plan = metainfo.plan else { return [] }
        var entries: [RelativePath: TreeEntry] = [:]
        let absent = Set(troubles.filter(\.isAbsent).map(\.stretch))
        let parts = plan.goodParts(findings)
        let sharing = Set(Self.unjudged(plan, findings).flatMap { $0.parts.map(\.stretch) })
        for (index, stretch) in plan.stretches.enumerated() where !stretch.isPad {
            guard !absent.contains(index),
                !parts[index].isEmpty || stretch.length == 0 || sharing.contains(index)
            else { continue }
            let path = try path(of: index)
            entries[path] = entry(path, .file(length: stretch.length, extents: parts[index]))
            for folder in path.foldersAbove where entries[folder] == nil {
                entries[folder] = entry(folder, .folder)
            }
        }
        return entries.values.sorted { RelativePath.inTreeOrder($0.path, $1.path) }
    }

    /// Where every file of a content belongs.
    static func paths(of metainfo: Metainfo) throws(MetainfoCommandError) -> [RelativePath] {
        try stretchPaths(of: metainfo).compactMap(\.self)
    }

    /// The same for each stretch of its plan; pads belong nowhere.
    static func stretchPaths(
        of metainfo: Metainfo
    ) throws(MetainfoCommandError) -> [RelativePath?] {
        guard let plan = metainfo.plan else { return [] }
        var paths: [RelativePath?] = []
        for (index, stretch) in plan.stretches.enumerated() {
            paths.append(stretch.isPad ? nil : try path(of: index, in: metainfo))
        }
        return paths
    }

    private func path(of index: Int) throws(MetainfoCommandError) -> RelativePath {
        try Self.path(of: index, in: metainfo)
    }

    private static func path(
        of index: Int, in metainfo: Metainfo
    ) throws(MetainfoCommandError) -> RelativePath {
        guard !metainfo.isSingleFile else { return metainfo.name }
        do throws(PathFlaw) {
            return try RelativePath("\(metainfo.name)/\(metainfo.paths[index])")
        } catch { throw .nameless(metainfo.paths[index].description, error) }
    }

    private func entry(_ path: RelativePath, _ body: TreeEntry.Body) -> TreeEntry {
        TreeEntry(
            path: path, body: body, mode: body == .folder ? 0o755 : 0o644, modified: date)
    }

    private var date: FileTime {
        var seconds: Int64 = 0
        if case .torrent(let torrent) = metainfo { seconds = torrent.creationDate ?? 0 }
        guard let date = FileTime(seconds: seconds, nanoseconds: 0) else {
            preconditionFailure("no nanoseconds are not too many")
        }
        return date
    }

    mutating func findings() throws(MetainfoCommandError) -> (
        findings: Findings, troubles: [ContentReading.Trouble]
    ) {
        if let known { return known }
        let found = try Self.verified(metainfo, at: root)
        known = found
        return found
    }

    private static func verified(
        _ metainfo: Metainfo, at path: String
    ) throws(MetainfoCommandError) -> (findings: Findings, troubles: [ContentReading.Trouble]) {
        guard let plan = metainfo.plan else { throw .labels(path) }
        let tree = try openTree(path)
        let paths: [RelativePath?] = tree.isFolder ? metainfo.paths : [nil]
        var reading = try ContentReading(plan)
        let digests = reading.digests(paths, in: tree)
        return (metainfo.findings(in: digests), reading.troubles)
    }

    private static func renamed(
        _ metainfo: Metainfo, under folder: String
    ) throws(MetainfoCommandError) -> (path: String, findings: Findings)? {
        guard isThere(folder, asFolder: true) else { return nil }
        let tree = try openTree(folder)
        let files: [(path: RelativePath, length: Int64)]
        do throws(StorageError) { files = try tree.list(without: nil).files } catch {
            throw .unreadable(folder, error)
        }
        var best: (path: String, findings: Findings)?
        // Of a damaged one every good piece counts; what has none is another file.
        var badMax = metainfo.pieceCount - 1
        for file in files where file.length == metainfo.total {
            let path = "\(folder)/\(file.path)"
            let (findings, troubles) = try verified(metainfo, at: path)
            guard troubles.isEmpty, findings.badCount <= badMax else { continue }
            if findings.badCount == 0 { return (path, findings) }
            best = (path, findings)
            badMax = findings.badCount - 1
        }
        return best
    }

    private static func isThere(_ path: String, asFolder: Bool) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == (asFolder ? S_IFDIR : S_IFREG)
    }
}

extension ContentReading.Trouble {
    /// Nothing of it is here. Of what has another length the beginning may be.
    fileprivate var isAbsent: Bool { if case .unreadable = kind { true } else { false } }
}
