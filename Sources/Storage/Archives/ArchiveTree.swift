import Content
import Vocabulary

/// The tree that the entries of an archive make one after the other, as they would on a disk: a
/// later entry replaces an earlier one of the same name, a hard link is another name of its file,
/// and missing folders are added. The tree exists only in memory.
///
/// Invariant: every entry but the top lies in a folder of the tree.
struct ArchiveTree {
    private let path: String
    private let top: RelativePath
    /// The date for entries that have none of their own.
    private let modified: FileTime
    private var nodes: [Node] = []
    private var names: [RelativePath: Int] = [:]
    /// The names of files since the last part.
    private var recent: [RelativePath] = []

    /// More entries would take more memory than the pieces of a job.
    static let entryCountMax = 10_000_000

    private enum Body: Equatable {
        case folder, special
        case file(length: Int64, extents: [Extent])
        case link(target: [UInt8])
    }

    private struct Node {
        var body: Body
        var mode: UInt16
        var modified: FileTime
        var preserved: Preserved
        var start: Int64 = 0
        /// The first name of a file.
        var name: RelativePath?
    }

    /// `path` is the path of the archive, for errors.
    init(of path: String, as top: RelativePath, modified: FileTime) {
        self.path = path
        self.top = top
        self.modified = modified
        makeFolder(top)
    }

    /// Adds an entry. Returns the number of the file whose bytes follow, if any do.
    mutating func add(_ header: ArchiveEntry) throws(StorageError) -> Int? {
        guard nodes.count < Self.entryCountMax, names.count < Self.entryCountMax else {
            throw flaw(.tooManyEntries(countMax: Self.entryCountMax))
        }
        let name = try place(of: header.name)
        try demandFolder(above: name, header)
        switch header.kind {
        case .sameFile(let other):
            guard let node = names[try place(of: other)], nodes[node].body != .folder else {
                throw flaw(.badLink(shown(header), to: RelativePath.text(of: other[...])))
            }
            try give(name, to: node, header)
            if case .file = nodes[node].body { return node }
            return nil
        case .link(let target):
            guard (1...TreeManifest.targetByteCountMax).contains(target.count) else {
                throw flaw(.badLink(shown(header), to: RelativePath.text(of: target[...])))
            }
            try give(name, to: make(.link(target: target), header), header)
            return nil
        case .special:
            try give(name, to: make(.special, header), header)
            return nil
        case .file:
            let node = make(.file(length: 0, extents: []), header)
            nodes[node].name = name
            try give(name, to: node, header)
            recent.append(name)
            return node
        case .folder:
            try addFolder(name, header)
            return nil
        }
    }

    /// Notes the bytes of a file: their offset among all unpacked bytes, and their extents in the
    /// file. Bytes that come with a hard link replace those before, which may be in a part already:
    /// then the file is in two parts, as if its name had occurred twice.
    mutating func fill(
        _ node: Int, start: Int64, length: Int64, extents: [Extent]
    ) throws(StorageError) {
        guard length <= TreeManifest.totalMax, extents.last.map({ $0.end <= length }) ?? true
        else { throw flaw(.impossible) }
        if case .file(length: 1..., _) = nodes[node].body, let name = nodes[node].name {
            recent.append(name)
        }
        nodes[node].body = .file(length: length, extents: extents)
        nodes[node].start = start
    }

    func listing() throws(StorageError) -> ArchiveListing {
        var listing = ArchiveListing()
        var firstNames = [RelativePath?](repeating: nil, count: nodes.count)
        for name in names.keys.sorted(by: RelativePath.inTreeOrder) {
            guard let number = names[name] else { continue }
            let node = nodes[number]
            var body: TreeEntry.Body
            switch node.body {
            case .special:
                listing.leftOut.append(name)
                continue
            case .folder: body = .folder
            case .link(let target): body = .link(target: target)
            case .file(let length, let extents): body = .file(length: length, extents: extents)
            }
            if case .file = body, let first = firstNames[number] {
                body = .sameFile(as: first)
            } else {
                firstNames[number] = name
            }
            var preserved: Preserved? = node.preserved
            if case .sameFile = body { preserved = nil }
            listing.entries.append(
                TreeEntry(
                    path: name, body: body, mode: node.mode, modified: node.modified,
                    preserved: preserved))
            listing.starts.append(node.start)
        }
        return listing
    }

    /// The files with bytes that were added since the last part and have their names still, and the
    /// folders above them. A later part may replace some of them, or give them further names.
    mutating func takePart() -> ArchiveListing {
        var found: [RelativePath: Int] = [:]
        found[top] = names[top]
        for name in recent {
            guard let node = names[name], case .file(let length, _) = nodes[node].body, length > 0
            else { continue }
            found[name] = node
            for folder in name.foldersAbove { found[folder] = names[folder] }
        }
        recent = []
        var listing = ArchiveListing()
        for name in found.keys.sorted(by: RelativePath.inTreeOrder) {
            guard let node = found[name].map({ nodes[$0] }) else { continue }
            let body: TreeEntry.Body
            switch node.body {
            case .folder: body = .folder
            case .file(let length, let extents): body = .file(length: length, extents: extents)
            // An entry that has replaced a folder in between would be refused.
            case .link, .special: continue
            }
            listing.entries.append(
                TreeEntry(
                    path: name, body: body, mode: node.mode, modified: node.modified,
                    preserved: node.preserved))
            listing.starts.append(node.start)
        }
        return listing
    }

    private mutating func make(_ body: Body, _ header: ArchiveEntry) -> Int {
        nodes.append(
            Node(
                body: body, mode: header.mode, modified: header.modified ?? modified,
                preserved: header.preserved))
        return nodes.count - 1
    }

    private mutating func give(
        _ name: RelativePath, to node: Int, _ header: ArchiveEntry
    ) throws(StorageError) {
        if let known = names[name], nodes[known].body == .folder {
            throw flaw(.contradictory(shown(header)))
        }
        names[name] = node
    }

    private mutating func addFolder(
        _ name: RelativePath, _ header: ArchiveEntry
    ) throws(StorageError) {
        if let known = names[name] {
            guard nodes[known].body == .folder else { throw flaw(.contradictory(shown(header))) }
            nodes[known].mode = header.mode
            nodes[known].modified = header.modified ?? modified
            nodes[known].preserved = header.preserved
        } else {
            names[name] = make(.folder, header)
        }
    }

    /// Adds the missing folders above an entry, which the archive does not list.
    private mutating func demandFolder(
        above name: RelativePath, _ header: ArchiveEntry
    ) throws(StorageError) {
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            // Only a folder can be the top of a tree.
            guard header.kind == .folder else { throw flaw(.badName(shown(header), .empty)) }
            return
        }
        if let above = known(name.utf8[..<slash]), nodes[above].body == .folder { return }
        for folder in name.foldersAbove {
            guard let node = names[folder] else {
                makeFolder(folder)
                continue
            }
            guard nodes[node].body == .folder else { throw flaw(.misplaced(shown(header))) }
        }
    }

    private func known(_ bytes: ArraySlice<UInt8>) -> Int? {
        do throws(PathError) { return names[try RelativePath(bytes: Array(bytes))] } catch {
            return nil
        }
    }

    private mutating func makeFolder(_ name: RelativePath) {
        names[name] = nodes.count
        nodes.append(
            Node(
                body: .folder, mode: 0o755, modified: modified,
                preserved: Preserved(owner: 0, group: 0)))
    }

    /// The path of an entry below the top. Names in archives may begin with `./` and end with a
    /// slash.
    private func place(of name: [UInt8]) throws(StorageError) -> RelativePath {
        do throws(PathError) {
            guard name.first != UInt8(ascii: "/") else { throw .absolute }
            let parts = name.split(separator: UInt8(ascii: "/")).filter {
                $0 != [UInt8(ascii: ".")]
            }
            guard !parts.isEmpty else { return top }
            return try top.joined(
                RelativePath(bytes: Array(parts.joined(separator: [UInt8(ascii: "/")]))))
        } catch { throw flaw(.badName(RelativePath.text(of: name[...]), error)) }
    }

    private func shown(_ header: ArchiveEntry) -> String {
        RelativePath.text(of: header.name[...])
    }

    private func flaw(_ flaw: StorageError.ArchiveFlaw) -> StorageError {
        .badArchive(path: path, flaw)
    }
}
