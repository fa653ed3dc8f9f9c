import Content
import Glibc
import Vocabulary

/// Reads the pieces of a content in the cache, in order, and digests them.
struct CacheReading: ~Copyable {
    private let folder: CacheFolder
    private let note: CacheNote
    private let keys: [Digest128?]
    private let offsets: [Int64]
    /// The states that the files had when they were opened; nil where one is missing or damaged.
    private(set) var stamps: [FileStamp?]
    private(set) var damaged: Set<Int> = []
    private(set) var byteCount: Int64 = 0
    /// The file that was opened last, and is read next.
    private var open: OpenFile?
    private var openFile: Int?

    init(_ folder: CacheFolder, _ note: CacheNote) {
        self.folder = folder
        self.note = note
        keys = note.keys
        offsets = note.offsets
        stamps = [FileStamp?](repeating: nil, count: note.files.count)
    }

    mutating func readAll() throws(StorageError) {
        let algorithm = note.scheme.algorithm ?? .sha256
        var unread: Set<Int> = []
        var first = 0
        for (position, known) in note.digests.enumerated() {
            let start = Int64(position) * note.pieceLength.raw
            while first < offsets.count - 1, offsets[first + 1] <= start { first += 1 }
            let end = min(start + note.pieceLength.raw, note.byteCount)
            let buffer = PieceBuffer(byteCount: Int(end - start))
            guard let files = try fill(buffer, from: start, to: end, first) else {
                // A piece with a missing file cannot be digested, so the other files of the piece
                // stay unread, too.
                unread.formUnion(files(from: start, to: end, first))
                continue
            }
            byteCount += end - start
            guard let known else {
                unread.formUnion(files)
                continue
            }
            let digest = buffer.withBytes { PieceDigest(Digester.digest(of: $0, algorithm)) }
            if digest != known { damaged.formUnion(files) }
        }
        for file in damaged.union(unread) { stamps[file] = nil }
    }

    private func files(from start: Int64, to end: Int64, _ first: Int) -> Range<Int> {
        var last = first
        while last + 1 < offsets.count, offsets[last + 1] < end { last += 1 }
        return first..<last + 1
    }

    /// Reads a part, and returns the files with bytes of it; nil if one of them is missing.
    private mutating func fill(
        _ buffer: PieceBuffer, from start: Int64, to end: Int64, _ first: Int
    ) throws(StorageError) -> Range<Int>? {
        let range = files(from: start, to: end, first)
        for file in range {
            guard try open(file) else { return nil }
            let from = max(start, offsets[file])
            let to = min(end, offsets[file] + note.files[file].length)
            guard from < to, let key = keys[file] else { continue }
            let memory = unsafe UnsafeMutableRawBufferPointer(
                rebasing: buffer.memory[Int(from - start)..<Int(to - start)])
            try unsafe open?.fill(memory, at: from - offsets[file], path: folder.path(of: key))
        }
        return range
    }

    /// Opens a file. Returns false if it is missing.
    private mutating func open(_ file: Int) throws(StorageError) -> Bool {
        if openFile == file { return true }
        openFile = nil
        guard let key = keys[file] else { return false }
        open = try folder.file(key, length: note.files[file].length)
        guard let stamp = try open?.status(path: folder.path(of: key)) else { return false }
        openFile = file
        if stamps[file] == nil { stamps[file] = FileStamp(stamp) }
        return true
    }
}
