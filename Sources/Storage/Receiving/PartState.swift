import Glibc
import Vocabulary

/// The state file of a part area: the pieces that were written, in the order of writing. Lines are
/// only appended. A line that a killed run left incomplete is ignored and overwritten.
struct PartState: ~Copyable {
    private let file: OpenFile
    private let path: String
    /// The offset of the next line.
    private var end: Int64
    private var pending: [UInt8] = []
    /// The files of the pending lines that lie in more than one piece.
    private var touched: Set<Int> = []
    private let stamps: StampTable
    private let pendingByteCountMax: Int

    /// The number of bytes whose lines may be pending: after a kill, the next run fetches these
    /// again.
    private static let unnotedByteCountMax: Int64 = 4 << 20
    static let name = "state"
    private static let pendingRecordsMax: Int64 = 64
    private static let readRecordsMax = 4096

    private init(
        file: consuming OpenFile, path: String, end: Int64, pieceLength: ByteCount,
        stamps: StampTable, isOfPart: Bool
    ) {
        // Many parts of a tree grow at the same time.
        let unnotedMax = isOfPart ? Self.unnotedByteCountMax / 16 : Self.unnotedByteCountMax
        let records = unnotedMax / pieceLength.raw
        pendingByteCountMax =
            Int(min(max(1, records), Self.pendingRecordsMax)) * PartRecord.byteCount
        self.file = file
        self.path = path
        self.end = end
        self.stamps = stamps
    }

    /// Creates a state file with its first lines.
    static func begin(
        in folder: PartFolder, as name: String = name, head: [UInt8], pieceLength: ByteCount,
        stamps: StampTable
    ) throws(StorageError) -> PartState {
        let path = "\(folder.path)/\(name)"
        let file = try open(folder, name, flags: O_RDWR | O_CREAT | O_EXCL, path: path)
        try unsafe file.write(head.span.bytes, at: 0, path: path)
        return PartState(
            file: file, path: path, end: Int64(head.count), pieceLength: pieceLength,
            stamps: stamps, isOfPart: name != Self.name)
    }

    /// Opens the state file and passes on the lines after the head, in order. Returns nil if there
    /// is none of this content.
    static func resume(
        in folder: PartFolder, as name: String = name, head: [UInt8], pieceLength: ByteCount,
        stamps: StampTable, _ tell: (PartRecord) -> Void
    ) throws(StorageError) -> PartState? {
        let path = "\(folder.path)/\(name)"
        let file: OpenFile
        do throws(StorageError) {
            file = try open(folder, name, flags: O_RDWR, path: path)
        } catch .system("openat", _, ENOENT) {
            return nil
        }
        var reader = LineReader(path: path)
        guard try reader.next(from: file) == head[...] else { return nil }
        var end = Int64(head.count)
        while let line = try reader.next(from: file), let record = PartRecord(line) {
            tell(record)
            end += Int64(PartRecord.byteCount)
        }
        try file.setLength(end, path: path)
        return PartState(
            file: file, path: path, end: end, pieceLength: pieceLength, stamps: stamps,
            isOfPart: name != Self.name)
    }

    private static func open(
        _ folder: PartFolder, _ name: String, flags: Int32, path: String
    ) throws(StorageError) -> OpenFile {
        let below = folder.area.raw
        let all = flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file = OpenFile(
            raw: try posix("openat", path) { unsafe openat(below, name, all, 0o600) })
        try folder.mark.demand(of: file, path: path)
        return file
    }

    /// Adds a line, which is written some time later: after a kill, the next run fetches the last
    /// few pieces again. `files` are the files of the piece that also lie in other pieces.
    mutating func append(_ record: PartRecord, files: [Int] = []) throws(StorageError) {
        pending += record.encoded
        touched.formUnion(files)
        if pending.count >= pendingByteCountMax { try flush() }
    }

    /// Notes that the next lines have to include the stamps of these files.
    mutating func touch(_ files: some Sequence<Int>) { touched.formUnion(files) }

    /// Writes the pending lines. After a failure all of them are still pending.
    mutating func flush() throws(StorageError) {
        guard !pending.isEmpty || !touched.isEmpty else { return }
        // The present stamps of the files are written, because later pieces have changed the files.
        var lines = pending
        for entry in touched.sorted() {
            lines += PartRecord(file: entry, stamp: stamps.stamp(of: entry)).encoded
        }
        try unsafe file.write(lines.span.bytes, at: end, path: path)
        end += Int64(lines.count)
        pending.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
    }

    /// Reads a file in lines of equal length, many at a time.
    private struct LineReader {
        let path: String
        private var buffer: [UInt8] = []
        private var taken = 0

        init(path: String) { self.path = path }

        /// Returns the next line; nil at the end, or if the line is cut off.
        mutating func next(
            from file: borrowing OpenFile
        ) throws(StorageError) -> ArraySlice<UInt8>? {
            let length = PartRecord.byteCount
            if buffer.count - taken < length {
                buffer.removeFirst(taken)
                taken = 0
                try fill(from: file)
                guard buffer.count >= length else { return nil }
            }
            defer { taken += length }
            return buffer[taken..<taken + length]
        }

        private mutating func fill(from file: borrowing OpenFile) throws(StorageError) {
            var filled = buffer.count
            let target = PartState.readRecordsMax * PartRecord.byteCount
            buffer += [UInt8](repeating: 0, count: target - filled)
            while filled < target {
                let count = try file.read(into: &buffer, from: filled, path: path)
                if count == 0 { break }
                filled += count
            }
            buffer.removeLast(target - filled)
        }
    }
}
