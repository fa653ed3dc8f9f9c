import CLinux
import Content
import Glibc
import Synchronization
import Vocabulary

/// The files that grow in the part area, written by many workers at once.
///
/// Invariant: a file in its final place is never written to. If it turns out to be wrong, a copy of
/// it grows in the part area.
final class GrowingFiles: Sendable {
    let places: TreePlaces
    let entries: EntryTable
    let folders: GrowingFolders
    /// The states in which this job left the growing files.
    let stamps: StampTable
    let reader: PartReader
    private let pieces: HeldPieces
    private let attributes: EntryAttributes
    /// Held while a growing file is checked and changed.
    private let locks = EntryLocks()
    /// Held while a growing file gets its length.
    private let beginning = Mutex<Void>(())
    /// A file in its final place that turns out to be wrong is an error.
    let keepsExisting: Bool
    /// Held while a file that was there, or is shared, is cloned.
    let repairing = Mutex<Void>(())

    init(
        _ reader: PartReader, _ stamps: StampTable, _ pieces: HeldPieces,
        _ attributes: EntryAttributes, keepsExisting: Bool
    ) {
        self.keepsExisting = keepsExisting
        places = reader.places
        entries = reader.entries
        folders = GrowingFolders(reader.places, reader.entries)
        self.stamps = stamps
        self.reader = reader
        self.pieces = pieces
        self.attributes = attributes
    }

    var layout: TreeLayout { places.layout }

    /// Writes the missing bytes of a piece, and notes that the piece is here. Holes, and files that
    /// are in place and right, are left alone. `digest` is the digest of the bytes by the
    /// manifest's algorithm.
    func write(
        _ bytes: RawSpan, as piece: PieceIndex, digest: PieceDigest
    ) throws(StorageError) {
        let size = layout.manifest.geometry.size(of: piece)
        precondition(bytes.byteCount == size, "a piece comes whole")
        for stretch in layout.manifest.stretches(of: piece) {
            let end = stretch.start + stretch.count
            try write(bytes.extracting(stretch.start..<end), to: stretch)
        }
        try pieces.hold(piece, digest: digest)
    }

    private func write(
        _ bytes: RawSpan, to stretch: TreeManifest.Stretch
    ) throws(StorageError) {
        let data = layout.data(in: stretch)
        guard !data.isEmpty else { return }
        if entries[stretch.entry].isShared { try unshare(stretch.entry) }
        switch entries.willWrite(to: stretch.entry) {
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

    /// Opens, writes, dates and closes a file that lies in one piece, so that it need not be opened
    /// again at the end. A file that its owner may not write is dated at the end like long files,
    /// because its piece may come again.
    private func writeWhole(
        _ bytes: RawSpan, _ data: [Range<Int64>], of entry: Int
    ) throws(StorageError) {
        try folders.make(above: entry)
        let described = layout.entries[entry]
        let path = places.path(of: entry, on: .growing)
        let isMade = entries[entry].isMade
        let file = try places.openForGrowing(entry, flags: isMade ? 0 : O_TRUNC)
        if isMade { stamps.check(entry, FileStamp(try file.status(path: path))) }
        try write(bytes, data, from: 0, to: file, path: path)
        if data.last?.upperBound != described.length {
            try file.setLength(described.length, path: path)
        }
        let isDated = described.mode & 0o600 == 0o600
        if isDated { try attributes.dress(file, as: entry, path: path) }
        let stamp = FileStamp(try file.status(path: path))
        if isMade { stamps.left(entry, as: stamp) } else { stamps.trust(entry, as: stamp) }
        try file.close(path: path)
        entries.made(entry, isDated: isDated)
    }

    /// Opens a file that lies in more than one piece.
    private func growingFile(_ entry: Int) throws(StorageError) -> PartFile {
        let key = DescriptorCache.Key(entry: entry, side: .growing, isWritten: true)
        return try reader.cache.file(key) { () throws(StorageError) in
            try folders.make(above: entry)
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
        try beginning.withLock { _ throws(StorageError) in
            guard !entries[entry].isMade else { return }
            // Bytes of an earlier attempt are removed. An empty file is not truncated, because ext4
            // writes a truncated file to the disk when it is closed.
            if found > 0 {
                try posix("ftruncate", path) { ftruncate(raw, 0) }
            }
            try posix("ftruncate", path) { ftruncate(raw, length) }
            stamps.trust(entry, as: FileStamp(try file.status(path: path)))
            entries.made(entry)
        }
    }
}
