import CLinux
import Content
import Glibc
import Vocabulary

/// The entries of a complete copy. The copy is only read, and nothing is created beside it.
struct CopySurvey {
    enum State: UInt8 {
        case missing
        case different
        /// The entry has the right kind and, if it is a file, the right length: its digests decide.
        case alike
        /// The entry is another name of a file in the copy, and is judged with that file.
        case linked
    }

    private(set) var states: [State]
    /// The digests of the copy by row; nil for files that are missing or have another length.
    private(set) var book: DigestBook
    /// Names that share a file in the source but are files of their own in the copy: their digests,
    /// by the entry of the source's file.
    private(set) var others: [Int: [(entry: Int, digests: [PieceDigest])]] = [:]
    private let layout: TreeLayout
    private let rows: StretchRows
    private let basePath: String
    /// The files of the copy that have further names in the source.
    private var identities: [Int: FileIdentity] = [:]
    private let buffer: PieceBuffer

    /// If the folder does not exist, every entry is missing.
    init(
        _ layout: TreeLayout, _ rows: StretchRows, in basePath: String
    ) throws(StorageError) {
        self.layout = layout
        self.rows = rows
        self.basePath = basePath
        states = [State](repeating: .missing, count: layout.entries.count)
        book = DigestBook(pieceCount: rows.count)
        let longest = min(layout.manifest.geometry.pieceLength.raw, Int64(Int32.max))
        buffer = PieceBuffer(byteCount: Int(max(1, longest)))
        let base: OpenFile
        do throws(StorageError) {
            base = try OpenFile(opening: basePath, flags: O_RDONLY | O_DIRECTORY)
        } catch .system(_, _, ENOENT) {
            return
        }
        try look(in: base)
    }

    private mutating func look(in base: borrowing OpenFile) throws(StorageError) {
        let named = layout.otherNames
        var folder: OpenFile?
        var folderEntry: Int?
        for entry in layout.entries.indices {
            let above = layout.parent(of: entry)
            // If the entry above is missing, or is no folder, this one is missing.
            if let above, states[above] != .alike { continue }
            if let above, above != folderEntry {
                folder = try open(above, in: base, flags: O_DIRECTORY)
                folderEntry = above
            }
            let raw = above == nil ? base.raw : folder?.raw ?? base.raw
            guard let found = try status(of: entry, in: raw) else { continue }
            if named[entry] != nil { identities[entry] = FileIdentity(found) }
            states[entry] = try judge(entry, found, in: raw, base)
        }
    }

    private mutating func judge(
        _ entry: Int, _ found: stat, in folder: Int32, _ base: borrowing OpenFile
    ) throws(StorageError) -> State {
        let kind = found.st_mode & S_IFMT
        switch layout.entries[entry].body {
        case .folder: return kind == S_IFDIR ? .alike : .different
        case .link(let target):
            guard kind == S_IFLNK else { return .different }
            let name = layout.name(of: entry, on: .final)
            let there = try DestinationSurvey.target(of: name, in: folder, path: path(of: entry))
            return there == target ? .alike : .different
        case .file(let length, _):
            guard kind == S_IFREG, Int64(found.st_size) == length else { return .different }
            for (number, digest) in try digests(of: entry, as: entry, in: base).enumerated() {
                book.note(digest, of: PieceIndex(rows.rows(of: entry).lowerBound + number))
            }
            return .alike
        case .sameFile(let path):
            guard let original = layout.entry(at: path), kind == S_IFREG,
                Int64(found.st_size) == layout.entries[original].length
            else { return .different }
            if identities[original] == FileIdentity(found) { return .linked }
            let digests = try digests(of: entry, as: original, in: base)
            others[original, default: []].append((entry, digests))
            return .alike
        }
    }

    /// The digests of a file by the rows of `original`. Holes are read as zeros, as in the source.
    private func digests(
        of entry: Int, as original: Int, in base: borrowing OpenFile
    ) throws(StorageError) -> [PieceDigest] {
        let range = rows.rows(of: original)
        guard !range.isEmpty else { return [] }
        let file = try open(entry, in: base)
        let path = path(of: entry)
        var digests: [PieceDigest] = []
        for row in range {
            let bytes = rows.bytes(of: row, in: original)
            let memory = unsafe UnsafeMutableRawBufferPointer(
                rebasing: buffer.memory[..<bytes.count])
            try unsafe file.fill(memory, at: bytes.lowerBound, path: path)
            digests.append(digest(of: bytes.count))
        }
        return digests
    }

    private func digest(of byteCount: Int) -> PieceDigest {
        let algorithm = layout.manifest.digest
        let bytes = buffer.withBytes {
            Digester.digest(of: $0.extracting(0..<byteCount), algorithm)
        }
        guard let digest = PieceDigest(bytes) else {
            preconditionFailure("a digest has as many bytes as its algorithm gives")
        }
        return digest
    }

    private func open(
        _ entry: Int, in base: borrowing OpenFile, flags: Int32 = 0
    ) throws(StorageError) -> OpenFile {
        let name = try layout.path(of: entry, on: .final)
        return try OpenFile(beneath: base, name, path: path(of: entry), flags: flags)
    }

    private func status(of entry: Int, in folder: Int32) throws(StorageError) -> stat? {
        let name = layout.name(of: entry, on: .final)
        var status = stat()
        do throws(StorageError) {
            try posix("fstatat", path(of: entry)) {
                unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        } catch .system(_, _, ENOENT) {
            return nil
        }
        return status
    }

    /// The path of an entry, for errors.
    private func path(of entry: Int) -> String {
        do throws(StorageError) {
            return "\(basePath)/\(try layout.path(of: entry, on: .final))"
        } catch { return "\(basePath)/\(layout.entries[entry].path)" }
    }

    // MARK: Judging

    /// Compares the source's digest of a row with that of the copy.
    mutating func compare(_ row: Int, with digest: PieceDigest) {
        let entry = rows.entry(of: row)
        if states[entry] == .alike, book[PieceIndex(row)] != digest { states[entry] = .different }
        for other in others[entry] ?? []
        where other.digests[row - rows.rows(of: entry).lowerBound] != digest {
            states[other.entry] = .different
        }
    }

    /// The bytes of the files that are missing or different, as far as is known.
    var byteCountToCopy: Int64 {
        layout.entries.indices.reduce(0) { sum, entry in
            states[entry] == .missing || states[entry] == .different
                ? sum + layout.entries[entry].length : sum
        }
    }

    func differences() throws(StorageError) -> DifferenceList {
        var list = DifferenceList()
        for entry in layout.entries.indices {
            guard let kind = verdict(on: entry) else { continue }
            list.add(Difference(kind, try layout.path(of: entry, on: .final)))
        }
        return list
    }

    private func verdict(on entry: Int) -> Difference.Kind? {
        switch states[entry] {
        case .missing: return .missing
        case .different: return .different
        case .alike: return nil
        case .linked:
            guard case .sameFile(let path) = layout.entries[entry].body,
                let original = layout.entry(at: path)
            else { return nil }
            return states[original] == .different ? .different : nil
        }
    }
}
