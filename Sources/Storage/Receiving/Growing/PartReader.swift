import Content
import Glibc
import Vocabulary

/// Reads pieces that are here, whether their files still grow or have their final names.
struct PartReader: Sendable {
    let places: TreePlaces
    let entries: EntryTable
    /// Files of several pieces stay open, for readers and writers.
    let cache: DescriptorCache
    let succession = Succession()

    init(_ places: TreePlaces, _ entries: EntryTable, openMax: Int) {
        cache = DescriptorCache(openMax: openMax)
        self.places = places
        self.entries = entries
    }

    private var layout: TreeLayout { places.layout }

    /// Fills the beginning of `memory` with a piece that is here. Holes are zeros.
    func read(
        _ piece: PieceIndex, into memory: UnsafeMutableRawBufferPointer
    ) throws(StorageError) {
        let size = layout.manifest.geometry.size(of: piece)
        precondition(memory.count >= size, "a piece is read whole")
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
        let source = try file(stretch)
        for range in data {
            let start = Int(range.lowerBound - stretch.offset)
            let part = unsafe UnsafeMutableRawBufferPointer(
                rebasing: memory[start..<start + range.count])
            try unsafe source.file.fill(part, at: range.lowerBound, path: source.path)
        }
    }

    /// Opens the file of a stretch. If the file got its final name after its place was looked up,
    /// it is opened there: a file moves only once.
    func file(_ stretch: TreeManifest.Stretch) throws(StorageError) -> PartFile {
        if let kept = succession.kept(stretch.entry) { return kept }
        if let heir = succession.heir,
            let entry = heir.layout.entry(at: layout.entries[stretch.entry].path)
        {
            return try heir.file(entry, stretch.count)
        }
        return try file(stretch.entry, stretch.count)
    }

    private func file(_ entry: Int, _ count: Int) throws(StorageError) -> PartFile {
        let grows = entries.grows(entry)
        do throws(StorageError) {
            return try file(entry, count, on: grows ? .growing : .final)
        } catch .system(_, _, ENOENT) where grows && !entries.grows(entry) {
            return try file(entry, count, on: .final)
        }
    }

    private func file(
        _ entry: Int, _ count: Int, on side: TreeSide
    ) throws(StorageError) -> PartFile {
        let path = places.path(of: entry, on: side)
        // Small files are many, and each is read once per piece.
        guard Int64(count) < layout.entries[entry].length else {
            return PartFile(try places.open(entry, on: side), path: path)
        }
        let key = DescriptorCache.Key(entry: entry, side: side, isWritten: false)
        return try cache.file(key) { () throws(StorageError) in
            PartFile(try places.open(entry, on: side), path: path)
        }
    }

    func digest(of piece: PieceIndex) throws(StorageError) -> PieceDigest {
        let buffer = PieceBuffer(byteCount: layout.manifest.geometry.size(of: piece))
        try unsafe read(piece, into: buffer.memory)
        let algorithm = layout.manifest.digest
        let digest = buffer.withBytes { PieceDigest(Digester.digest(of: $0, algorithm)) }
        guard let digest else { preconditionFailure("every algorithm's digest is short") }
        return digest
    }
}
