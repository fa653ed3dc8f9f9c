import CLinux
import Content
import Glibc
import Synchronization
package import Vocabulary

extension PartArea {
    /// Writes what of a piece is to come, and notes that it is here. Files that are in place and
    /// right, and holes, are left alone. `digest` is that of the bytes by the manifest's algorithm.
    package func write(
        _ bytes: RawSpan, as piece: PieceIndex, digest: PieceDigest
    ) throws(StorageError) {
        precondition(bytes.byteCount == geometry.size(of: piece), "a piece comes whole")
        for stretch in layout.manifest.stretches(of: piece) {
            let end = stretch.start + stretch.count
            try write(bytes.extracting(stretch.start..<end), to: stretch)
        }
        try hold(piece, digest: digest)
    }

    private func write(
        _ bytes: RawSpan, to stretch: TreeManifest.Stretch
    ) throws(StorageError) {
        let data = layout.data(in: stretch)
        guard !data.isEmpty else { return }
        let place = states.withLock { states in
            if states[stretch.entry].grows { states[stretch.entry].isDated = false }
            return states[stretch.entry].place
        }
        switch place {
        case .right: return
        case .doubted:
            if try isInPlace(bytes, data, of: stretch) { return }
            try repair(stretch.entry)
        case .absent, .replaced: break
        }
        if Int64(stretch.count) == layout.entries[stretch.entry].length {
            try writeWhole(bytes, data, of: stretch.entry)
        } else {
            let growing = try growingFile(stretch.entry)
            try locks.withLock(stretch.entry) { () throws(StorageError) in
                stamps.check(stretch.entry, try growing.stamp)
                try write(bytes, data, from: stretch.offset, to: growing.file, path: growing.path)
                stamps.left(stretch.entry, as: try growing.stamp)
            }
        }
    }

    private func write(
        _ bytes: RawSpan, _ data: [Range<Int64>], from offset: Int64,
        to file: borrowing OpenFile, path: String
    ) throws(StorageError) {
        for range in data {
            let part = Int(range.lowerBound - offset)..<Int(range.upperBound - offset)
            try file.write(bytes.extracting(part), at: range.lowerBound, path: path)
        }
    }

    /// A file that lies in one piece is opened, written, dated and closed, and needs no second
    /// look at the end. One that its owner may not write is dated at the end like the long ones:
    /// the piece may yet come again.
    private func writeWhole(
        _ bytes: RawSpan, _ data: [Range<Int64>], of entry: Int
    ) throws(StorageError) {
        try makeFolder(above: entry)
        let described = layout.entries[entry]
        let path = places.path(of: entry, on: .growing)
        let isMade = states.withLock { $0[entry].isMade }
        let file = try places.openForGrowing(entry, flags: isMade ? 0 : O_TRUNC)
        if isMade { stamps.check(entry, FileStamp(try file.status(path: path))) }
        try write(bytes, data, from: 0, to: file, path: path)
        if data.last?.upperBound != described.length {
            try file.setLength(described.length, path: path)
        }
        let isDated = described.mode & 0o600 == 0o600
        if isDated { try dress(file, as: entry, path: path) }
        let stamp = FileStamp(try file.status(path: path))
        if isMade { stamps.left(entry, as: stamp) } else { stamps.trust(entry, as: stamp) }
        try file.close(path: path)
        states.withLock { states in
            states[entry].isMade = true
            states[entry].isDated = isDated
        }
    }

    /// A file that more than one piece is written to.
    private func growingFile(_ entry: Int) throws(StorageError) -> PartFile {
        let key = DescriptorCache.Key(entry: entry, side: .growing, isWritten: true)
        return try cache.file(key) { () throws(StorageError) in
            try makeFolder(above: entry)
            let path = places.path(of: entry, on: .growing)
            let file = try places.openForGrowing(entry)
            try begin(entry, file, path: path)
            return PartFile(file, path: path)
        }
    }

    /// Gives a growing file its length, once: another worker may write to it already.
    private func begin(
        _ entry: Int, _ file: borrowing OpenFile, path: String
    ) throws(StorageError) {
        let raw = file.raw
        let found = try file.status(path: path).st_size
        let length = off_t(layout.entries[entry].length)
        try making.withLock { _ throws(StorageError) in
            guard !states.withLock({ $0[entry].isMade }) else { return }
            // Remains of an earlier attempt are removed. ext4 writes a file that was truncated
            // without need to the disk when it is closed.
            if found > 0 {
                try posix("ftruncate", path) { ftruncate(raw, 0) }
            }
            try posix("ftruncate", path) { ftruncate(raw, length) }
            stamps.trust(entry, as: FileStamp(try file.status(path: path)))
            states.withLock { $0[entry].isMade = true }
        }
    }
}

extension PartArea {
    /// Makes the folders in which an entry grows.
    func makeFolder(above entry: Int) throws(StorageError) {
        guard let above = layout.parent(of: entry) else { return }
        try makeFolder(above)
    }

    func makeFolder(_ folder: Int) throws(StorageError) {
        if states.withLock({ $0[folder].isMade }) { return }
        try making.withLock { _ throws(StorageError) in
            var missing: [Int] = []
            var next: Int? = folder
            while let current = next, !states.withLock({ $0[current].isMade }) {
                missing.append(current)
                next = layout.parent(of: current)
            }
            var cursor = FolderCursor(.growing)
            for current in missing.reversed() { try makeOne(current, &cursor) }
        }
    }

    /// A folder of a job before may have its final rights already.
    private func makeOne(_ folder: Int, _ cursor: inout FolderCursor) throws(StorageError) {
        let above = try cursor.parent(of: folder, in: places)
        let name = layout.name(of: folder, on: .growing)
        let path = places.path(of: folder, on: .growing)
        do throws(StorageError) {
            try posix("mkdirat", path) { unsafe mkdirat(above, name, 0o700) }
        } catch .system(_, _, EEXIST) {
            let there = try places.open(folder, on: .growing, flags: O_DIRECTORY)
            let raw = there.raw
            try posix("fchmod", path) { fchmod(raw, 0o700) }
        }
        states.withLock { $0[folder].isMade = true }
    }
}
