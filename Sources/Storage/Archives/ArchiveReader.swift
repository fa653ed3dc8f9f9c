import CArchive
import Content
import Vocabulary

/// Reads an archive from its beginning to its end, entry by entry, and decompresses it.
///
/// Invariant: one thread uses the reader, and its locale is one of UTF-8 during each call.
@safe struct ArchiveReader: ~Copyable {
    private let archive: OpaquePointer
    /// Nil if the system has no locale of UTF-8.
    private let locale: UnsafeMutableRawPointer?
    private let file: OpenFile
    private let path: String
    /// The handle of the gzip file that contains the archive, if it is one.
    private var gzip: UnsafeMutableRawPointer?
    private var entry: OpaquePointer?
    private var entryCount = 0
    private var name: [UInt8] = []

    /// The number of bytes that one call reads.
    private static let blockByteCount = 256 << 10

    static func open(
        _ file: consuming OpenFile, path: String
    ) throws(StorageError) -> ArchiveReader {
        guard let archive = unsafe archive_read_new() else {
            throw .badArchive(path: path, .unreadable("out of memory", in: nil))
        }
        var reader = unsafe ArchiveReader(archive, file, path: path)
        guard unsafe carchive_support(archive) == ARCHIVE_OK, reader.begin() else {
            throw reader.failure
        }
        return reader
    }

    private mutating func begin() -> Bool {
        guard carchive_is_gzip(file.raw) else {
            return unsafe archive_read_open_fd(archive, file.raw, Self.blockByteCount) == ARCHIVE_OK
        }
        return unsafe carchive_open_gzip(archive, file.raw, Self.blockByteCount, &gzip)
            == ARCHIVE_OK
    }

    private init(_ archive: OpaquePointer, _ file: consuming OpenFile, path: String) {
        unsafe self.archive = archive
        unsafe locale = carchive_make_locale()
        self.file = file
        self.path = path
    }

    deinit {
        unsafe archive_read_free(archive)
        unsafe carchive_free_locale(locale)
    }

    /// Returns the next entry; nil at the end.
    mutating func next() throws(StorageError) -> ArchiveEntry? {
        name = []
        let before = unsafe carchive_begin_names(locale)
        defer { unsafe carchive_end_names(before, locale) }
        var found: OpaquePointer?
        let answer = unsafe archive_read_next_header(archive, &found)
        guard answer != ARCHIVE_EOF else {
            if let gzip = unsafe gzip, !(unsafe carchive_end_gzip(archive, gzip)) { throw failure }
            return nil
        }
        // A warning means that a name has unexpected characters; only its bytes matter here.
        guard answer == ARCHIVE_OK || answer == ARCHIVE_WARN, let found = unsafe found else {
            throw failure
        }
        unsafe entry = found
        entryCount += 1
        guard let text = unsafe archive_entry_pathname(found) else {
            throw .badArchive(path: path, .nameless(entryCount))
        }
        name = unsafe Self.bytes(text)
        guard unsafe archive_entry_is_encrypted(found) == 0 else {
            throw .badArchive(path: path, .encrypted(shown))
        }
        return try unsafe header(of: found)
    }

    /// Reads the next bytes of the entry, and their offset in the file. Returns false at the end.
    mutating func nextBlock(
        _ body: (Int64, RawSpan) throws(StorageError) -> Void
    ) throws(StorageError) -> Bool {
        var memory: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        let answer = unsafe archive_read_data_block(archive, &memory, &count, &offset)
        if answer == ARCHIVE_EOF { return false }
        // A warning means that bytes differ from their checksum.
        guard answer == ARCHIVE_OK, offset >= 0 else { throw failure }
        let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: count)
        try unsafe body(offset, bytes.bytes)
        return true
    }

    /// Passes over the other bytes of the entry.
    mutating func skip() throws(StorageError) {
        guard unsafe archive_read_data_skip(archive) == ARCHIVE_OK else { throw failure }
    }

    /// Whether the file has the bytes of entries as they are. Known after the first entry.
    var isPlain: Bool {
        guard unsafe gzip == nil else { return false }
        return unsafe carchive_is_plain_tar(archive)
    }

    /// The place in the file of the block that was read last, if the archive is plain.
    var blockPlace: Int64 { unsafe archive_filter_bytes(archive, 0) }

    /// The number of packed bytes that were read so far.
    var place: Int64 { unsafe carchive_place(archive, gzip) }

    /// Whether the entry has holes.
    var isSparse: Bool {
        guard let entry = unsafe entry else { return false }
        return unsafe archive_entry_sparse_count(entry) > 0
    }

    /// The length of the entry, which some formats give only after its bytes.
    var length: Int64 {
        guard let entry = unsafe entry, unsafe archive_entry_size_is_set(entry) != 0 else {
            return 0
        }
        return unsafe max(0, archive_entry_size(entry))
    }

    private func header(of entry: OpaquePointer) throws(StorageError) -> ArchiveEntry {
        let modified =
            unsafe archive_entry_mtime_is_set(entry) == 0
            ? nil
            : FileTime(
                seconds: Int64(unsafe archive_entry_mtime(entry)),
                nanoseconds: UInt32(
                    truncatingIfNeeded: unsafe archive_entry_mtime_nsec(entry)))
        return ArchiveEntry(
            name: name, kind: try unsafe kind(of: entry),
            mode: UInt16(unsafe archive_entry_perm(entry) & 0o7777), modified: modified,
            preserved: unsafe preserved(of: entry), length: length)
    }

    private func kind(of entry: OpaquePointer) throws(StorageError) -> ArchiveEntry.Kind {
        if let other = unsafe archive_entry_hardlink(entry) {
            return .sameFile(as: unsafe Self.bytes(other))
        }
        switch Int(unsafe carchive_kind(entry)) {
        case Int(carchive_file.rawValue): return .file
        case Int(carchive_folder.rawValue): return .folder
        case Int(carchive_link.rawValue):
            guard let target = unsafe archive_entry_symlink(entry) else {
                throw .badArchive(path: path, .badLink(shown, to: ""))
            }
            return .link(target: unsafe Self.bytes(target))
        default: return .special
        }
    }

    /// The owner and the attributes. Access lists are left out, because an archive has them as
    /// text.
    private func preserved(of entry: OpaquePointer) -> Preserved {
        var attributes: [Preserved.Attribute] = []
        _ = unsafe archive_entry_xattr_reset(entry)
        var text: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while unsafe archive_entry_xattr_next(entry, &text, &value, &count) == ARCHIVE_OK,
            let text = unsafe text
        {
            let name = unsafe Self.bytes(text)
            guard Preserved.Attribute.isKept(name), count <= Preserved.valueByteCountMax,
                name.starts(with: "user.".utf8), !attributes.contains(where: { $0.name == name })
            else { continue }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: value, count: count))
            attributes.append(Preserved.Attribute(name: name, value: bytes))
        }
        let isLink = unsafe carchive_kind(entry) == Int32(carchive_link.rawValue)
        return Preserved(
            owner: Self.number(unsafe archive_entry_uid(entry)),
            group: Self.number(unsafe archive_entry_gid(entry)),
            attributes: isLink ? [] : attributes)
    }

    /// An owner that this system cannot have becomes the user `nobody`.
    private static func number(_ raw: Int64) -> UInt32 {
        guard let number = UInt32(exactly: raw), number != .max else { return 65_534 }
        return number
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        while unsafe text[position] != 0 {
            bytes.append(UInt8(bitPattern: unsafe text[position]))
            position += 1
        }
        return bytes
    }

    private var shown: String { RelativePath.text(of: name[...]) }

    private var failure: StorageError {
        let text = unsafe archive_error_string(archive)
        let words = unsafe text.map { unsafe String(cString: $0) } ?? "no reason was given"
        if entryCount == 0, words == "Unrecognized archive format" {
            return .badArchive(path: path, .unknown)
        }
        return .badArchive(path: path, .unreadable(words, in: name.isEmpty ? nil : shown))
    }
}
