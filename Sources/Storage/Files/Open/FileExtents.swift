import Content
import Glibc
import Vocabulary

/// The parts of an open file that contain bytes, as its file system reports them. A view of its
/// descriptor, for the time of one call.
struct FileExtents {
    private let raw: Int32
    private let path: String

    init(of raw: Int32, path: String) {
        self.raw = raw
        self.path = path
    }

    /// The parts of a file that contain bytes, from the file system. If it cannot report them, or
    /// there are more than the limit, all of the file counts as bytes.
    func extents(
        of length: Int64, countMax: Int = OpenFile.extentCountMax
    ) throws(StorageError) -> [Extent] {
        var extents: [Extent] = []
        var position: Int64 = 0
        while position < length {
            guard let start = try seek(Self.data, from: position) else { break }
            let isLast = extents.count == countMax - 1
            let end = isLast ? nil : try seek(Self.hole, from: start)
            guard let extent = Extent(start: start, end: min(end ?? length, length)) else { break }
            extents.append(extent)
            position = extent.end
        }
        return extents
    }

    /// SEEK_DATA and SEEK_HOLE, which Glibc's overlay lacks.
    private static let data: Int32 = 3
    private static let hole: Int32 = 4

    /// Nil where nothing of that kind comes any more.
    private func seek(_ kind: Int32, from position: Int64) throws(StorageError) -> Int64? {
        do throws(StorageError) {
            return Int64(try posix("lseek", path) { lseek(raw, off_t(position), kind) })
        } catch .system(_, _, ENXIO) {
            return nil
        } catch .system(_, _, EINVAL) {
            // A file system that knows of no holes.
            return kind == Self.data ? position : nil
        }
    }

    /// Where bytes follow that are no hole; nil where nothing but a hole follows.
    func nextData(from position: Int64) throws(StorageError) -> Int64? {
        try seek(Self.data, from: position)
    }
}
