import Vocabulary

extension TreeManifest {
    /// As many as a message can count.
    package static let entryCountMax = Int(Int32.max)
    /// The longest target of a link that the system accepts.
    package static let targetByteCountMax = 4095

    /// The rules that every description must follow, whatever its origin. Names that differ in case
    /// alone are different names here.
    func checkEntries() throws(TreeError) {
        guard entries.count <= Self.entryCountMax else { throw .badGeometry }
        // The folders that the last path lies in, from the top, and itself where it is one. Tree
        // order puts nothing between a folder and what lies in it, so that none comes back.
        var open: [RelativePath] = []
        for (index, entry) in entries.enumerated() {
            if index > 0, !RelativePath.inTreeOrder(entries[index - 1].path, entry.path) {
                throw .misplaced(entry.path)
            }
            while let folder = open.last, !entry.path.isBelow(folder) { open.removeLast() }
            guard entry.path.parentByteCount == open.last?.utf8.count else {
                throw .misplaced(entry.path)
            }
            if entry.body == .folder { open.append(entry.path) }
            guard entry.isPossible else { throw .badEntry(index) }
            if case .sameFile(let first) = entry.body {
                guard position(of: first, before: index).map({ entries[$0].isFile }) == true else {
                    throw .badEntry(index)
                }
            }
        }
    }

    /// The position of a path among the first `end` entries, which are in order.
    func position(of path: RelativePath, before end: Int) -> Int? {
        var low = 0
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if RelativePath.inTreeOrder(entries[middle].path, path) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < end && entries[low].path == path ? low : nil
    }
}

extension RelativePath {
    /// Nil for what lies in no folder.
    fileprivate var parentByteCount: Int? { utf8.lastIndex(of: UInt8(ascii: "/")) }

    /// Whether it lies in that folder, however deep.
    fileprivate func isBelow(_ folder: RelativePath) -> Bool {
        utf8.count > folder.utf8.count && utf8[folder.utf8.count] == UInt8(ascii: "/")
            && utf8.starts(with: folder.utf8)
    }
}

extension TreeEntry {
    fileprivate var isFile: Bool {
        if case .file = body { true } else { false }
    }

    /// Whether there can be such a thing, apart from where it stands.
    fileprivate var isPossible: Bool {
        guard mode <= 0o7777, preserved?.isPossible ?? true else { return false }
        switch body {
        case .folder: return true
        case .sameFile: return preserved == nil
        case .link(let target):
            // The system lets links have none of those attributes.
            return preserved?.attributes.isEmpty ?? true
                && (1...TreeManifest.targetByteCountMax).contains(target.count)
                && !target.contains(0)
        case .file(let length, let extents):
            var end: Int64 = -1
            for extent in extents {
                // Neighbours that touch would be one.
                guard extent.start > end else { return false }
                end = extent.end
            }
            return end <= length
        }
    }
}
