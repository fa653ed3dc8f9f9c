import Content
import Glibc
import Vocabulary

/// Removes entries of the part area that no job of this program has made.
extension TreePlaces {
    /// Calls `keeps` with each entry in the part area, a folder before its entries. Removes those
    /// that it refuses and those that the tree does not have, and returns their number.
    func sweep(
        _ keeps: (Int, stat) throws(StorageError) -> Bool
    ) throws(StorageError) -> Int {
        try sweep(folder.tree, nil, path: "\(folder.path)/tree", keeps)
    }

    private func sweep(
        _ open: borrowing OpenFile, _ above: Int?, path: String,
        _ keeps: (Int, stat) throws(StorageError) -> Bool
    ) throws(StorageError) -> Int {
        var children: [[UInt8]: Int] = [:]
        for child in layout.children(of: above) {
            children[Array(layout.nameBytes(of: child, on: .growing))] = child
        }
        let listed = try OpenFile(folder: ".", in: open, path: path)
        var removedCount = 0
        for name in try listed.names(path: path) {
            let inside = "\(path)/\(String(decoding: name, as: UTF8.self))"
            guard let entry = children[name],
                try keeps(entry, open.status(of: name, follows: false, path: inside))
            else {
                try open.removeAll(of: name, path: inside)
                removedCount += 1
                continue
            }
            guard layout.entries[entry].body == .folder else { continue }
            let below = try open.ownFolder(name, path: inside)
            removedCount += try sweep(below, entry, path: inside, keeps)
        }
        return removedCount
    }

    /// Whether a file of the part area is one that a job let grow there, in its whole length.
    func isOurs(
        _ status: stat, _ entry: Int, preserves: Bool, namesMax: Int = 1
    ) -> Bool {
        let described = layout.entries[entry]
        return status.st_mode & S_IFMT == S_IFREG && Int64(status.st_size) == described.length
            && status.st_nlink <= namesMax
            && folder.mark.isOn(
                status, orOwner: preserves ? described.preserved?.owner : nil,
                orMode: mode_t(described.mode))
    }

    func isOurFolder(_ status: stat, _ entry: Int, preserves: Bool) -> Bool {
        let described = layout.entries[entry]
        return status.st_mode & S_IFMT == S_IFDIR
            && folder.mark.isOn(
                status, orOwner: preserves ? described.preserved?.owner : nil,
                orMode: mode_t(described.mode))
    }

    /// Whether a file has only zeros between its extents.
    func hasOnlyHoles(
        _ entry: Int, on side: TreeSide
    ) throws(StorageError) -> Bool {
        let gaps = layout.gaps(of: entry)
        guard !gaps.isEmpty else { return true }
        let path = path(of: entry, on: side)
        let file = try open(entry, on: side)
        let buffer = PieceBuffer(byteCount: 1 << 20)
        for gap in gaps {
            guard try file.isZero(gap, buffer, path: path) else { return false }
        }
        return true
    }

    /// Removes an entry from the part area, whatever lies in its place, if it is there.
    func removeGrowing(_ entry: Int) throws(StorageError) {
        let path = path(of: entry, on: .growing)
        let name = Array(layout.nameBytes(of: entry, on: .growing))
        do throws(StorageError) {
            if let above = layout.parent(of: entry) {
                let parent = try open(above, on: .growing, flags: O_DIRECTORY)
                try parent.removeAll(of: name, path: path)
            } else {
                try folder.tree.removeAll(of: name, path: path)
            }
        } catch .system(_, _, ENOENT) {
            return
        }
    }
}
