import Content
import Glibc
import Vocabulary

/// Writes the bytes of all files of an archive, one after the other, into one file, unless they can
/// be read where they are. No entry of the archive gets a name on the disk before the whole tree is
/// staged.
struct ArchiveBytes {
    /// Nil if the bytes are only counted, or stay where they are.
    let file: SharedFile?
    /// Nil if the bytes have to be written, or counted.
    let places: ArchivePlaces?
    /// The path of the file, or of the folder in which the file has no name.
    let path: String
    private(set) var end: Int64 = 0
    private var byteCount: Int64 = 0
    /// The number of bytes that may be written before the free room is read again.
    private var allowance: Int64 = 0

    private static let allowanceMax: Int64 = 8 << 20

    init(_ file: SharedFile?, path: String) {
        self.file = file
        self.path = path
        places = nil
    }

    init(at places: ArchivePlaces, path: String) {
        file = nil
        self.path = path
        self.places = places
    }

    /// Reads the bytes of one file. Bytes that are left out are holes. Nil if they cannot be read
    /// where they are.
    mutating func take(
        _ reader: inout ArchiveReader, of archive: String,
        beforeBlock: () throws(StorageError) -> Void = {}
    ) throws(StorageError) -> (start: Int64, length: Int64, extents: [Extent])? {
        if let places { return try places.find(&reader) }
        var extents: [Extent] = []
        let start = end
        var failure: StorageError?
        while failure == nil {
            try beforeBlock()
            let isMore = try reader.nextBlock { (offset, bytes) throws(StorageError) in
                do throws(StorageError) {
                    try take(bytes, at: offset, from: start, of: archive, &extents)
                } catch { failure = error }
            }
            guard isMore else { break }
        }
        if let failure { throw failure }
        let length = max(reader.length, extents.last?.end ?? 0)
        let (sum, isTooLong) = start.addingReportingOverflow(length)
        guard !isTooLong else { throw .badArchive(path: archive, .impossible) }
        end = sum
        return (start, length, extents)
    }

    private mutating func take(
        _ bytes: RawSpan, at offset: Int64, from start: Int64, of archive: String,
        _ extents: inout [Extent]
    ) throws(StorageError) {
        guard bytes.byteCount > 0 else { return }
        let (stop, isTooLong) = offset.addingReportingOverflow(Int64(bytes.byteCount))
        let last = extents.last
        guard !isTooLong, stop <= TreeManifest.totalMax, offset >= last?.end ?? 0,
            let extent = Extent(
                start: last?.end == offset ? last?.start ?? offset : offset, end: stop)
        else { throw .badArchive(path: archive, .impossible) }
        if last?.end == offset { extents.removeLast() }
        extents.append(extent)
        byteCount += Int64(bytes.byteCount)
        guard let file else { return }
        try demandRoom(for: Int64(bytes.byteCount), of: archive)
        try file.file.write(bytes, at: start + offset, path: path)
    }

    /// Fails before an archive that does not fit has filled the disk to the last block.
    private mutating func demandRoom(for count: Int64, of archive: String) throws(StorageError) {
        guard let file else { return }
        guard allowance < count else {
            allowance -= count
            return
        }
        let raw = file.file.raw
        var found = statvfs()
        try posix("fstatvfs", path) { unsafe fstatvfs(raw, &found) }
        let free = Int64(found.f_bavail) * Int64(found.f_frsize) - DiskRoom.reserve
        guard free >= count else {
            throw .badArchive(
                path: archive,
                .tooLarge(place: path, unpacked: byteCount, available: max(0, free)))
        }
        allowance = min(free, max(count, Self.allowanceMax)) - count
    }
}
