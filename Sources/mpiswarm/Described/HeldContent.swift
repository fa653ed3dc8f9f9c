import Content
import Storage
import Vocabulary

/// The part of a described content that is on this rank: files are found by name, and missing or
/// damaged ones then by length and digests.
struct HeldContent: Sendable {
    let metainfo: Metainfo
    let plan: HashPlan
    let root: String
    /// For each stretch its path below the root; nil if it is not here, or is the root.
    let places: [RelativePath?]
    let findings: Findings
    /// For each stretch the path that it is described with.
    private let targets: [RelativePath?]
    private let troubles: [ContentReading.Trouble]
    private let states: [Int: FileState]

    init(_ folder: DescribedFolder) throws(MetainfoCommandError) {
        var places = folder.named
        var test = try Self.test(folder, places)
        if test.findings.badCount > 0, !folder.isOnlyFile,
            var search = try FileSearch(folder)
        {
            let better = try search.improved(places, test.findings)
            if better != places { (places, test) = (better, try Self.test(folder, better)) }
        }
        metainfo = folder.metainfo
        targets = try Self.stretchPaths(of: metainfo)
        plan = folder.plan
        root = folder.root
        self.places = places
        findings = test.findings
        troubles = test.troubles
        states = test.states
    }

    private static func test(
        _ folder: DescribedFolder, _ places: [RelativePath?]
    ) throws(MetainfoCommandError) -> (
        findings: Findings, troubles: [ContentReading.Trouble], states: [Int: FileState]
    ) {
        let tree = try openTree(folder.root)
        var reading = try ContentReading(folder.plan)
        let digests = reading.digests(places, in: tree)
        return (folder.metainfo.findings(in: digests), reading.troubles, reading.states)
    }

    /// The missing stretches. A file of another length may still have a good beginning.
    var absent: Set<Int> { Set(troubles.filter(\.isAbsent).map(\.stretch)) }

    /// The files with some good bytes, with those as their extents, and the folders above them.
    /// They have no dates of their own: the same bytes are the same file on every rank.
    var entries: [TreeEntry] {
        var entries: [RelativePath: TreeEntry] = [:]
        let (absent, parts) = (absent, plan.goodParts(findings))
        let sharing = Set(unjudged.flatMap { $0.parts.map(\.stretch) })
        for (index, stretch) in plan.stretches.enumerated() {
            // An empty file needs no holder.
            guard let path = targets[index], stretch.length == 0 || !absent.contains(index),
                stretch.length == 0 || !parts[index].isEmpty || sharing.contains(index)
            else { continue }
            entries[path] = entry(path, .file(length: stretch.length, extents: parts[index]))
            for folder in path.foldersAbove where entries[folder] == nil {
                entries[folder] = entry(folder, .folder)
            }
        }
        return entries.values.sorted { RelativePath.inTreeOrder($0.path, $1.path) }
    }

    /// The place that it is read from.
    var site: SourceSite {
        var found: [RelativePath: SourceSite.Place] = [:]
        for (index, state) in states {
            guard let path = targets[index] else { continue }
            found[path] = SourceSite.Place(path: places[index], state: state)
        }
        return SourceSite(name: metainfo.name, path: root, places: found)
    }

    /// The described path of every file of a content.
    static func paths(of metainfo: Metainfo) throws(MetainfoCommandError) -> [RelativePath] {
        try stretchPaths(of: metainfo).compactMap(\.self)
    }

    /// The same for each stretch of its plan; nil for pads.
    static func stretchPaths(
        of metainfo: Metainfo
    ) throws(MetainfoCommandError) -> [RelativePath?] {
        guard let plan = metainfo.plan else { return [] }
        var paths: [RelativePath?] = []
        for (stretch, path) in zip(plan.stretches, metainfo.paths) {
            paths.append(stretch.isPad ? nil : try target(of: path, in: metainfo))
        }
        return paths
    }

    private static func target(
        of path: RelativePath, in metainfo: Metainfo
    ) throws(MetainfoCommandError) -> RelativePath {
        guard !metainfo.isSingleFile else { return metainfo.name }
        do throws(PathError) { return try RelativePath("\(metainfo.name)/\(path)") } catch {
            throw .nameless(path.description, error)
        }
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
}

extension ContentReading.Trouble {
    fileprivate var isAbsent: Bool { if case .unreadable = kind { true } else { false } }
}
