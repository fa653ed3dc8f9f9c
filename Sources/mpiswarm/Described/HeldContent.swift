import Content
import Storage
import Vocabulary

/// What lies on this rank of a content that a torrent or a seed file describes, and how much of it
/// is good: files are found by their names, and what is lacking or damaged then by length and
/// digests.
struct HeldContent: Sendable {
    let metainfo: Metainfo
    let plan: HashPlan
    let root: String
    /// For each stretch where it lies beneath the root; nil where it is not here, or is the root.
    let places: [RelativePath?]
    let findings: Findings
    /// For each stretch where it belongs.
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

    /// The stretches of which there is nothing. Of what has another length the beginning may be.
    var absent: Set<Int> { Set(troubles.filter(\.isAbsent).map(\.stretch)) }

    /// The files of which some bytes are as described, with those as their extents, and the folders
    /// above them. They have no dates of their own: the same bytes are the same file on every rank.
    var entries: [TreeEntry] {
        var entries: [RelativePath: TreeEntry] = [:]
        let (absent, parts) = (absent, plan.goodParts(findings))
        let sharing = Set(unjudged.flatMap { $0.parts.map(\.stretch) })
        for (index, stretch) in plan.stretches.enumerated() {
            // What is empty needs nobody to have it.
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

    /// Where it is read.
    var site: SourceSite {
        var found: [RelativePath: SourceSite.Place] = [:]
        for (index, state) in states {
            guard let path = targets[index] else { continue }
            found[path] = SourceSite.Place(path: places[index], state: state)
        }
        return SourceSite(name: metainfo.name, path: root, places: found)
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
        for (stretch, path) in zip(plan.stretches, metainfo.paths) {
            paths.append(stretch.isPad ? nil : try target(of: path, in: metainfo))
        }
        return paths
    }

    private static func target(
        of path: RelativePath, in metainfo: Metainfo
    ) throws(MetainfoCommandError) -> RelativePath {
        guard !metainfo.isSingleFile else { return metainfo.name }
        do throws(PathFlaw) { return try RelativePath("\(metainfo.name)/\(path)") } catch {
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
