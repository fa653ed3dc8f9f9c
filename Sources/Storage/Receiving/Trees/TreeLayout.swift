import Content
import Glibc
import Vocabulary

/// A manifest as a receiver sees it: the entries of each folder, and the names of each entry on
/// either side. Numbers are positions in the entries of the manifest.
///
/// The destination may give the first top entry another name. All names at the top begin with its
/// name then, and that beginning changes.
///
/// Invariant: a folder comes before all entries below it, which are a contiguous range.
struct TreeLayout: Sendable {
    let manifest: TreeManifest
    let rename: RelativePath?
    private let parents: [Int32]
    private let ends: [Int32]

    init(_ manifest: TreeManifest, rename: RelativePath?) {
        precondition(rename?.isSingleName != false, "only the top name can be another")
        var parents = [Int32](repeating: -1, count: manifest.entries.count)
        var ends = parents
        var open: [Int] = []
        for (position, entry) in manifest.entries.enumerated() {
            let path = entry.path.utf8
            while let folder = open.last {
                let above = manifest.entries[folder].path.utf8
                if path.count > above.count, path[above.count] == UInt8(ascii: "/"),
                    path.starts(with: above)
                {
                    break
                }
                ends[folder] = Int32(position)
                open.removeLast()
            }
            let isInPlace = open.isEmpty == entry.path.isSingleName
            precondition(isInPlace, "a folder comes before what lies in it")
            parents[position] = Int32(open.last ?? -1)
            ends[position] = Int32(position + 1)
            if entry.body == .folder { open.append(position) }
        }
        for folder in open { ends[folder] = Int32(manifest.entries.count) }
        self.manifest = manifest
        self.rename = rename
        self.parents = parents
        self.ends = ends
        precondition(
            rename == nil || tops.allSatisfy { sharesFirstName(manifest.entries[$0].path) },
            "the top names do not change together")
    }

    var entries: [TreeEntry] { manifest.entries }

    private func sharesFirstName(_ top: RelativePath) -> Bool {
        top.utf8.starts(with: manifest.entries[0].path.utf8)
    }

    /// The path of an entry at the destination.
    func finalBytes(of entry: Int) -> [UInt8] {
        let path = entries[entry].path.utf8
        guard let rename else { return path }
        return rename.utf8 + path.dropFirst(entries[0].path.utf8.count)
    }

    /// The folder of an entry; nil at the top.
    func parent(of entry: Int) -> Int? { parents[entry] < 0 ? nil : Int(parents[entry]) }

    /// An entry and all that lies below it.
    func range(of entry: Int) -> Range<Int> { entry..<Int(ends[entry]) }

    var tops: [Int] { children(of: nil) }

    /// The direct entries of a folder, or those at the top.
    func children(of folder: Int?) -> [Int] {
        var children: [Int] = []
        var position = folder.map { $0 + 1 } ?? 0
        let end = folder.map { range(of: $0).upperBound } ?? entries.count
        while position < end {
            children.append(position)
            position = range(of: position).upperBound
        }
        return children
    }

    /// The ranges between the extents of a file.
    func gaps(of entry: Int) -> [Range<Int64>] { entries[entry].gaps }

    func path(of entry: Int, on side: TreeSide) throws(StorageError) -> RelativePath {
        guard side == .final, rename != nil else { return entries[entry].path }
        let bytes = finalBytes(of: entry)
        do throws(PathError) { return try RelativePath(bytes: bytes) } catch {
            let text = RelativePath.text(of: bytes[...])
            throw .system(call: "openat", path: text, errno: ENAMETOOLONG)
        }
    }

    /// The last component of its path, for the system.
    func name(of entry: Int, on side: TreeSide) -> [CChar] {
        RelativePath.systemName(nameBytes(of: entry, on: side))
    }

    func nameBytes(of entry: Int, on side: TreeSide) -> ArraySlice<UInt8> {
        if side == .final, rename != nil, parent(of: entry) == nil {
            return finalBytes(of: entry)[...]
        }
        let start = parent(of: entry).map { entries[$0].path.utf8.count + 1 } ?? 0
        return entries[entry].path.utf8[start...]
    }

    /// The entry with that path in the manifest.
    func entry(at path: RelativePath) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if RelativePath.inTreeOrder(entries[middle].path, path) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < entries.count && entries[low].path == path ? low : nil
    }

    /// The number of further names of each file, if it has any.
    var otherNames: [Int: Int] {
        var counts: [Int: Int] = [:]
        for entry in entries {
            guard case .sameFile(let path) = entry.body, let original = self.entry(at: path) else {
                continue
            }
            counts[original, default: 0] += 1
        }
        return counts
    }

    /// The parts of a stretch that are no holes, as ranges in its file.
    func data(in stretch: TreeManifest.Stretch) -> [Range<Int64>] {
        guard case .file(_, let extents) = entries[stretch.entry].body else { return [] }
        let start = stretch.offset
        let end = start + Int64(stretch.count)
        var low = 0
        var high = extents.count
        while low < high {
            let middle = (low + high) / 2
            if extents[middle].end <= start { low = middle + 1 } else { high = middle }
        }
        var ranges: [Range<Int64>] = []
        while low < extents.count, extents[low].start < end {
            ranges.append(max(start, extents[low].start)..<min(end, extents[low].end))
            low += 1
        }
        return ranges
    }
}
