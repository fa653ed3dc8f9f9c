import Content
import Glibc
import Vocabulary

/// A source that is read: its files are opened beneath it.
struct SourceRoot: Sendable {
    let site: SourceSite
    /// Nil if too many files are open already, so that this one is opened each time.
    private let kept: SharedFile?

    /// Fails where there is nothing to read, whether or not it is kept open.
    init(_ site: SourceSite, keepsOpen: Bool) throws(StorageError) {
        // An archive is not unpacked before the first of its bytes is needed.
        guard site.archive == nil else {
            self.site = site
            kept = nil
            return
        }
        let file = SharedFile(try Self.open(site.path))
        self.site = site
        kept = keepsOpen ? file : nil
    }

    /// Opens a file of this source: the whole source, or one beneath it.
    func open(_ entry: RelativePath, follows: Bool) throws(StorageError) -> SharedFile {
        if let bytes = try unpacked { return bytes.file }
        let root =
            if let kept { kept } else { SharedFile(try Self.open(site.path)) }
        let full = fullPath(of: entry)
        guard site.places == nil || site.places?[entry] != nil else {
            throw .system(call: "open", path: full, errno: ENOENT)
        }
        guard let below = below(entry) else { return root }
        if follows {
            return SharedFile(
                try OpenFile(following: below.utf8, in: root.file, path: full))
        }
        return SharedFile(try OpenFile(beneath: root.file, below, path: full))
    }

    /// Its real path, for errors.
    func fullPath(of entry: RelativePath) -> String {
        below(entry).map { (site.path == "/" ? "/" : site.path + "/") + "\($0)" } ?? site.path
    }

    /// The place of its first byte in the file that `open` returns.
    func start(of entry: RelativePath) throws(StorageError) -> Int64 {
        guard let bytes = try unpacked else { return 0 }
        guard let start = bytes.starts[entry] else {
            throw .changed(path: site.path)
        }
        return start
    }

    /// The state that a file must have for its bytes to be those that were listed; nil if they are
    /// in any state.
    func state(of entry: TreeEntry) throws(StorageError) -> FileState? {
        if let bytes = try unpacked { return bytes.state }
        return site.places?[entry.path]?.state
            ?? FileState(length: entry.length, modified: entry.modified)
    }

    /// Nil if the source is no archive.
    private var unpacked: UnpackedArchive.Bytes? {
        get throws(StorageError) {
            guard let archive = site.archive else { return nil }
            guard let part = site.part else { return try archive.bytes() }
            return try archive.bytes(ofPart: part)
        }
    }

    private func below(_ entry: RelativePath) -> RelativePath? {
        guard let place = site.places?[entry] else { return entry.belowTop }
        return place.path
    }

    /// A link as the path itself is followed, as when it was listed.
    private static func open(_ path: String) throws(StorageError) -> OpenFile {
        try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }
}
