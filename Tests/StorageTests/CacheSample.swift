import Content
import Glibc
import Vocabulary

@testable import Storage

/// Jobs that stage one tree through one cache.
struct CacheSample {
    let scratch: Scratch
    var tree: SampleTree

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
        tree.algorithm = .sha256
    }

    func cache(
        at name: String = "cache", byteCountMax: Int64? = nil, verifies: Bool = false,
        links: Bool = false, lockPatience: Duration = .zero, boot: PieceDigest? = nil
    ) throws -> NodeCache {
        try NodeCache(
            at: scratch.path(name), byteCountMax: byteCountMax, verifies: verifies, links: links,
            lockPatience: lockPatience, boot: boot, fileByteCountMin: 1)
    }

    func digests() throws -> [PieceDigest?] {
        let manifest = try tree.manifest()
        return (0..<manifest.geometry.pieceCount).map {
            SampleTree.digest(tree.piece(PieceIndex($0), of: manifest), .sha256)
        }
    }

    /// Begins a copy with what the cache has.
    func begin(in folder: String, _ cache: NodeCache) throws -> PartArea {
        let area = try tree.area(in: scratch.path(folder))
        guard let note = try cache.note(of: tree.manifest()) else { return area }
        var fill = CacheReader(cache, note, area)
        try fill.fill()
        return area
    }

    /// Stages the tree into a new folder. Returns the number of pieces that had to be fetched.
    @discardableResult
    func stage(into folder: String, _ cache: NodeCache) throws -> Int {
        let area = try begin(in: folder, cache)
        let count = try tree.fill(area)
        guard try area.finish() else { throw StorageError.altered(path: folder) }
        guard try add(area, to: cache) else {
            throw StorageError.tooLong(path: folder, byteCountMax: 0)
        }
        return count
    }

    func add(_ area: PartArea, to cache: NodeCache) throws -> Bool {
        try cache.add(tree.manifest(), area, digests: digests())
    }

    /// The names of the files that the cache keeps.
    func files(of name: String = "cache") throws -> [String] {
        try scratch.names("\(name)/files")
    }

    /// The file of the cache with the bytes of an entry.
    func file(of entry: String) throws -> String {
        let names = try files().filter {
            try readWhole(path: scratch.path("cache/files/\($0)")) == tree.bytes[entry]
        }
        guard names.count == 1 else { throw StorageError.notAFile(path: entry) }
        return "cache/files/\(names[0])"
    }

    /// Changes a byte, and nothing else.
    func damage(_ name: String, at place: Int) throws {
        var bytes = try readWhole(path: scratch.path(name))
        bytes[place] ^= 0xFF
        let raw = unsafe open(scratch.path(name), O_WRONLY)
        let file = OpenFile(raw: raw)
        try unsafe file.write(bytes.span.bytes, path: name)
    }

    /// Makes the note say that all files are as they were left.
    func believeAll(boot: PieceDigest? = nil) throws {
        let cache = try cache()
        guard var note = try cache.folder.note(of: tree.manifest().lastingFingerprint) else {
            return
        }
        for (file, key) in note.keys.enumerated() {
            guard let key, let status = try cache.folder.status(of: key) else { continue }
            note.files[file].stamp = FileStamp(status)
        }
        if let boot { note.boot = boot }
        try cache.folder.write(note)
    }
}
