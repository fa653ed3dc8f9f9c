import CLinux
import Content
import Glibc
import Synchronization
import Vocabulary

extension GrowingFiles {
    /// Whether a doubted file holds these bytes already.
    func isInPlace(
        _ bytes: RawSpan, _ data: [Range<Int64>], of stretch: TreeManifest.Stretch
    ) throws(StorageError) -> Bool {
        let source = try reader.file(stretch)
        let buffer = PieceBuffer(byteCount: data.map(\.count).max() ?? 0)
        for range in data {
            let memory = unsafe UnsafeMutableRawBufferPointer(
                rebasing: buffer.memory[..<range.count])
            try unsafe source.file.fill(memory, at: range.lowerBound, path: source.path)
            let start = Int(range.lowerBound - stretch.offset)
            let isSame = unsafe bytes.extracting(start..<start + range.count).withUnsafeBytes {
                unsafe memcmp($0.baseAddress!, memory.baseAddress!, range.count) == 0
            }
            guard isSame else { return false }
        }
        return true
    }

    /// Copies a file from its place to the part area, where it grows from now on. The file in place
    /// stays as it is until the end.
    func repair(_ entry: Int) throws(StorageError) {
        try repairing.withLock { _ throws(StorageError) in
            guard entries[entry].place == .doubted else { return }
            guard case .file(let length, let extents) = layout.entries[entry].body else {
                preconditionFailure("only files hold pieces")
            }
            let path = places.path(of: entry, on: .final)
            guard !keepsExisting else { throw .different(path: path) }
            try folders.make(above: entry)
            let source = try places.open(entry, on: .final)
            let found = try source.status(path: path)
            guard Int64(found.st_size) == length else {
                throw .system(call: "fstat", path: path, errno: ESTALE)
            }
            let copy = try places.openForGrowing(entry, flags: O_TRUNC)
            let copyPath = places.path(of: entry, on: .growing)
            try source.clone(to: copy, extents, path: path, copyPath: copyPath)
            try copy.setLength(length, path: copyPath)
            // A file that was digested in place may have changed by now.
            let isSame = stamps.isAsLeft(entry, FileStamp(found))
            stamps.trust(entry, as: FileStamp(try copy.status(path: copyPath)))
            if !isSame { stamps.distrust(entry) }
            entries.cloned(entry)
        }
    }
}
