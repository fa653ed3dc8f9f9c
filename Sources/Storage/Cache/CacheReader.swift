import Content
import Glibc
import Vocabulary

/// Begins a growing tree with the files that the cache has of it. They are copied as cheaply as the
/// file system allows. Their pieces are trusted if the file in the cache is as this program left it
/// since the machine started, and digested otherwise.
///
/// Invariant: a piece counts as held only if it has the digest of the note, or lies in files that
/// are believed.
struct CacheReader {
    private let cache: NodeCache
    private let part: PartArea
    private(set) var note: CacheNote
    /// The files that were copied here, by their positions in the manifest.
    private var copied: [Int: Row] = [:]
    /// The damaged files, by their positions in the note.
    private(set) var damaged: Set<Int> = []
    private(set) var heldCount = 0

    private struct Row {
        let file: Int
        let stamp: FileStamp
        let isBelieved: Bool
    }

    /// Called when a file is copied and its state is yet to be compared, for tests.
    var whenCopied: () -> Void = {}

    init(_ cache: NodeCache, _ note: CacheNote, _ part: PartArea) {
        self.cache = cache
        self.note = note
        self.part = part
    }

    /// Copies the files. After a failure, the files that were copied until then stay, because they
    /// are right.
    mutating func fill() throws(StorageError) {
        var failure: StorageError?
        do throws(StorageError) { try begin() } catch { failure = error }
        try hold()
        try remember()
        if let failure { throw failure }
    }

    private mutating func begin() throws(StorageError) {
        let keys = note.keys
        var file = 0
        for (position, entry) in part.layout.entries.enumerated() where entry.length > 0 {
            defer { file += 1 }
            guard entry.length >= cache.fileByteCountMin, part.lacks(position),
                let key = keys[file],
                let original = try cache.folder.file(key, length: entry.length)
            else { continue }
            try begin(position, file, original, key)
        }
    }

    private mutating func begin(
        _ position: Int, _ file: Int, _ original: borrowing OpenFile, _ key: Digest128
    ) throws(StorageError) {
        let path = cache.folder.path(of: key)
        let status = try original.status(path: path)
        let stamp = FileStamp(status)
        var isBelieved =
            !cache.verifies && note.boot == cache.boot && note.files[file].stamp == stamp
        // No piece would repair bytes in a hole.
        if !isBelieved, try !part.hasOnlyHoles(position, in: original, path: path) {
            damaged.insert(file)
            return
        }
        do throws(StorageError) {
            try part.begin(position, asCopyOf: original, path: path)
            whenCopied()
            // A file that was written to meanwhile may have been copied before or after that.
            if try FileStamp(original.status(path: path)) != stamp {
                isBelieved = false
                let copy = try part.places.open(position, on: .growing)
                guard try part.hasOnlyHoles(position, in: copy, path: path) else {
                    damaged.insert(file)
                    return try part.lose(position)
                }
            }
        } catch {
            try part.lose(position)
            throw error
        }
        copied[position] = Row(file: file, stamp: stamp, isBelieved: isBelieved)
    }

    private mutating func hold() throws(StorageError) {
        for piece in (0..<part.geometry.pieceCount).map({ PieceIndex($0) }) {
            guard let digest = note.digests[piece.position], !part.holds(piece),
                let files = part.files(ofPresent: piece)
            else { continue }
            let rows = files.map { copied[$0] }
            if rows.allSatisfy({ $0?.isBelieved == true }) {
                try part.hold(piece, digest: digest)
            } else if try part.digestOnDisk(piece) == digest {
                try part.hold(piece, digest: digest)
            } else {
                // If other files have bytes of the piece, those bytes may be the wrong ones.
                let files = rows.compactMap { $0?.file }
                if files.count == rows.count { damaged.formUnion(files) }
                continue
            }
            heldCount += 1
        }
    }

    /// Notes the digested files, which need not be digested again before the machine starts again.
    private mutating func remember() throws(StorageError) {
        let isSinceBoot = note.boot == cache.boot
        for file in note.files.indices where !isSinceBoot { note.files[file].stamp = nil }
        note.boot = cache.boot
        for (position, row) in copied {
            let isGood = row.isBelieved || part.holdsAll(of: position)
            note.files[row.file].stamp = isGood ? row.stamp : nil
        }
        for file in damaged { note.files[file].stamp = nil }
        try cache.update(note, without: damaged.sorted())
    }
}
