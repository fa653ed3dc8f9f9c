import Content
import Glibc
import Synchronization
package import Vocabulary

extension PartArea {
    /// Fills the beginning of `memory` with a piece that is here, from wherever its files are.
    /// Holes are zeros.
    package func read(
        _ piece: PieceIndex, into memory: UnsafeMutableRawBufferPointer
    ) throws(StorageError) {
        precondition(memory.count >= geometry.size(of: piece), "a piece is read whole")
        for stretch in layout.manifest.stretches(of: piece) {
            let end = stretch.start + stretch.count
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[stretch.start..<end])
            try unsafe read(stretch, into: part)
        }
    }

    private func read(
        _ stretch: TreeManifest.Stretch, into memory: UnsafeMutableRawBufferPointer
    ) throws(StorageError) {
        let data = layout.data(in: stretch)
        if data.reduce(0, { $0 + $1.count }) < stretch.count {
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
        }
        guard !data.isEmpty else { return }
        let source = try readableFile(stretch)
        for range in data {
            let start = Int(range.lowerBound - stretch.offset)
            let part = unsafe UnsafeMutableRawBufferPointer(
                rebasing: memory[start..<start + range.count])
            try unsafe source.file.fill(part, at: range.lowerBound, path: source.path)
        }
    }

    /// It may get its final name between the question where it is and the opening; but once.
    func readableFile(_ stretch: TreeManifest.Stretch) throws(StorageError) -> PartFile {
        let grows = states.withLock { $0[stretch.entry].grows }
        do throws(StorageError) {
            return try readableFile(stretch, on: grows ? .growing : .final)
        } catch .system(_, _, ENOENT) where grows && !states.withLock({ $0[stretch.entry].grows }) {
            return try readableFile(stretch, on: .final)
        }
    }

    private func readableFile(
        _ stretch: TreeManifest.Stretch, on side: TreeSide
    ) throws(StorageError) -> PartFile {
        let entry = stretch.entry
        let path = places.path(of: entry, on: side)
        // Small files are many, and each is read once per piece.
        guard Int64(stretch.count) < layout.entries[entry].length else {
            return PartFile(try places.open(entry, on: side), path: path)
        }
        let key = DescriptorCache.Key(entry: entry, side: side, isWritten: false)
        return try cache.file(key) { () throws(StorageError) in
            PartFile(try places.open(entry, on: side), path: path)
        }
    }
}
