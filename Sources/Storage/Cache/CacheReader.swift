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
    /// The number of further names of each file, if it has any.
    private let otherNames: [Int: Int]
    /// The files of the cache that the copy has links of: two files of a copy never become one.
    private var linked: Set<Digest128> = []
    private var canReflink: Bool?
    /// Whether each file may be taken, by its position in the manifest.
    private let isAllowed: [Bool]
    /// Whether the digests of the note become those of the content.
    private let decides: Bool

    private struct Row {
        let file: Int
        let stamp: FileStamp
        let isBelieved: Bool
    }

    /// Called when a file is copied and its state is yet to be compared, for tests.
    var whenCopied: () -> Void = {}

    /// With `sources` only files are taken whose source is in the state in which it had these
    /// bytes: these are the states of the files with bytes.
    init(
        _ cache: NodeCache, _ note: CacheNote, _ part: PartArea, sources: [FileStamp?]? = nil
    ) {
        var file = 0
        isAllowed = part.layout.entries.map { entry in
            guard entry.length > 0 else { return true }
            defer { file += 1 }
            guard let sources else { return true }
            return sources[file] != nil && sources[file] == note.files[file].source
        }
        decides = sources != nil
        self.cache = cache
        self.note = note
        self.part = part
        otherNames = cache.links ? part.layout.otherNames : [:]
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
            guard entry.length >= cache.fileByteCountMin, isAllowed[position], part.lacks(position),
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
        if let stamp = try link(position, original, status, key) {
            copied[position] = Row(file: file, stamp: stamp, isBelieved: isBelieved)
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

    /// Makes the growing file a link of the one in the cache, if that is wished and nothing better
    /// can be had. Returns the new state of the file; nil if the file has to be copied.
    private mutating func link(
        _ position: Int, _ original: borrowing OpenFile, _ status: stat, _ key: Digest128
    ) throws(StorageError) -> FileStamp? {
        guard cache.mayLink, otherNames[position] == nil, !linked.contains(key) else { return nil }
        if canReflink == nil { canReflink = try part.canReflink(original) }
        guard canReflink == false else { return nil }
        var stamp: FileStamp?
        let name = CacheFolder.name(of: key)
        let isPossible = try cache.link { () throws(StorageError) in
            stamp = try part.begin(position, asLinkTo: name, in: cache.folder.files, status)
        }
        guard isPossible, let stamp else { return nil }
        linked.insert(key)
        return stamp
    }

    private mutating func hold() throws(StorageError) {
        for piece in (0..<part.geometry.pieceCount).map({ PieceIndex($0) }) {
            guard let digest = note.digests[piece.position],
                let files = part.files(ofPresent: piece), files.allSatisfy({ isAllowed[$0] })
            else { continue }
            guard !part.holds(piece) else {
                // What is in place need not be digested, and not be read from the source either.
                if decides { part.recall(piece, digest: digest) }
                continue
            }
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
