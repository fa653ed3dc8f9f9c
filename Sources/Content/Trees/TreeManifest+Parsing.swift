import Vocabulary

extension TreeManifest {
    /// Any bytes give a description that encodes to them, or an error.
    package init(parsing bytes: RawSpan) throws(TreeError) {
        guard bytes.byteCount >= Self.headByteCount else { throw .notATree }
        var cursor = 0
        guard try bytes.readBytes(Self.magic.count, &cursor) == Self.magic else { throw .notATree }
        let version: UInt8 = try bytes.readWord(&cursor)
        guard version == Self.version else { throw .unknownVersion(version) }
        let rawScheme: UInt8 = try bytes.readWord(&cursor)
        guard let digest = DigestScheme(rawValue: rawScheme)?.algorithm else {
            throw .unknownDigest(rawScheme)
        }
        let reserved: UInt16 = try bytes.readWord(&cursor)
        let publisher: Int32 = try bytes.readWord(&cursor)
        guard reserved == 0, publisher >= 0 else { throw .badHead }
        let count: UInt32 = try bytes.readWord(&cursor)
        let job: UInt64 = try bytes.readWord(&cursor)
        let pieceLength: Int64 = try bytes.readWord(&cursor)
        guard pieceLength > 0 else { throw .badGeometry }
        let entries = try Self.entries(Int(count), in: bytes, &cursor)
        guard cursor == bytes.byteCount else { throw .trailing }
        try self.init(
            entries: entries, pieceLength: ByteCount(pieceLength), digest: digest,
            origin: Origin(publisher: Rank(publisher), job: job))
    }

    private static func entries(
        _ count: Int, in bytes: RawSpan, _ cursor: inout Int
    ) throws(TreeError) -> [TreeEntry] {
        // So that nothing is allocated on the word of the count.
        guard count <= (bytes.byteCount - cursor) / entryByteCountMin else { throw .truncated }
        var entries: [TreeEntry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count { entries.append(try entry(after: entries, in: bytes, &cursor)) }
        return entries
    }

    private static func entry(
        after entries: [TreeEntry], in bytes: RawSpan, _ cursor: inout Int
    ) throws(TreeError) -> TreeEntry {
        let index = entries.count
        let rawKind: UInt8 = try bytes.readWord(&cursor)
        guard let kind = EntryKind(rawValue: rawKind & ~preservedMark) else {
            throw .badEntry(index)
        }
        let path = try path(after: entries, in: bytes, &cursor)
        let mode: UInt16 = try bytes.readWord(&cursor)
        let seconds: Int64 = try bytes.readWord(&cursor)
        let nanoseconds: UInt32 = try bytes.readWord(&cursor)
        guard let modified = FileTime(seconds: seconds, nanoseconds: nanoseconds) else {
            throw .badEntry(index)
        }
        let body = try body(of: kind, after: entries, in: bytes, &cursor)
        let preserved =
            rawKind & preservedMark == 0 ? nil : try preserved(in: bytes, &cursor)
        return TreeEntry(
            path: path, body: body, mode: mode, modified: modified, preserved: preserved)
    }

    private static func path(
        after entries: [TreeEntry], in bytes: RawSpan, _ cursor: inout Int
    ) throws(TreeError) -> RelativePath {
        let shared: UInt8 = try bytes.readWord(&cursor)
        let restCount: UInt16 = try bytes.readWord(&cursor)
        let last = entries.last?.path.utf8 ?? []
        guard Int(shared) <= last.count, restCount > 0 else { throw .badEntry(entries.count) }
        var path: [UInt8] = []
        path.reserveCapacity(min(Int(shared) + Int(restCount), bytes.byteCount))
        path += last[..<Int(shared)]
        try bytes.readBytes(Int(restCount), &cursor, appendingTo: &path)
        if Int(shared) < min(last.count, sharedByteCountMax), path[Int(shared)] == last[Int(shared)]
        {
            throw .badEntry(entries.count)
        }
        do throws(PathError) { return try RelativePath(bytes: path) } catch {
            throw .badName(error)
        }
    }

    private static func body(
        of kind: EntryKind, after entries: [TreeEntry], in bytes: RawSpan, _ cursor: inout Int
    ) throws(TreeError) -> TreeEntry.Body {
        switch kind {
        case .folder: return .folder
        case .file:
            let length: Int64 = try bytes.readWord(&cursor)
            guard length >= 0 else { throw .badEntry(entries.count) }
            return .file(length: length, extents: Extent.whole(length))
        case .fileWithHoles:
            let length: Int64 = try bytes.readWord(&cursor)
            let extents = try extents(ofEntry: entries.count, in: bytes, &cursor)
            guard length >= 0, !Extent.areWhole(extents, of: length) else {
                throw .badEntry(entries.count)
            }
            return .file(length: length, extents: extents)
        case .link:
            let count: UInt16 = try bytes.readWord(&cursor)
            return .link(target: try bytes.readBytes(Int(count), &cursor))
        case .sameFile:
            let position: UInt32 = try bytes.readWord(&cursor)
            guard Int(position) < entries.count else { throw .badEntry(entries.count) }
            return .sameFile(as: entries[Int(position)].path)
        }
    }

    private static func extents(
        ofEntry index: Int, in bytes: RawSpan, _ cursor: inout Int
    ) throws(TreeError) -> [Extent] {
        let count: UInt32 = try bytes.readWord(&cursor)
        guard Int(count) <= (bytes.byteCount - cursor) / 16 else { throw .truncated }
        var extents: [Extent] = []
        extents.reserveCapacity(Int(count))
        for _ in 0..<count {
            let start: Int64 = try bytes.readWord(&cursor)
            let end: Int64 = try bytes.readWord(&cursor)
            guard let extent = Extent(start: start, end: end) else { throw .badEntry(index) }
            extents.append(extent)
        }
        return extents
    }

    /// Names and their order are checked with the whole description.
    private static func preserved(
        in bytes: RawSpan, _ cursor: inout Int
    ) throws(TreeError) -> Preserved {
        let owner: UInt32 = try bytes.readWord(&cursor)
        let group: UInt32 = try bytes.readWord(&cursor)
        let count: UInt16 = try bytes.readWord(&cursor)
        guard Int(count) <= (bytes.byteCount - cursor) / attributeByteCountMin else {
            throw .truncated
        }
        var attributes: [Preserved.Attribute] = []
        attributes.reserveCapacity(Int(count))
        for _ in 0..<count {
            let nameByteCount: UInt8 = try bytes.readWord(&cursor)
            let name = try bytes.readBytes(Int(nameByteCount), &cursor)
            let valueByteCount: UInt32 = try bytes.readWord(&cursor)
            let value = try bytes.readBytes(Int(valueByteCount), &cursor)
            attributes.append(Preserved.Attribute(name: name, value: value))
        }
        return Preserved(owner: owner, group: group, inOrder: attributes)
    }
}

extension RawSpan {
    @inline(__always)
    fileprivate func readWord<Word: FixedWidthInteger & BitwiseCopyable>(
        _ cursor: inout Int
    ) throws(TreeError) -> Word {
        let start = cursor
        guard MemoryLayout<Word>.size <= byteCount - start else { throw .truncated }
        cursor += MemoryLayout<Word>.size
        return Word(
            littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: start, as: Word.self))
    }

    fileprivate func readBytes(_ count: Int, _ cursor: inout Int) throws(TreeError) -> [UInt8] {
        var bytes: [UInt8] = []
        try readBytes(count, &cursor, appendingTo: &bytes)
        return bytes
    }

    fileprivate func readBytes(
        _ count: Int, _ cursor: inout Int, appendingTo bytes: inout [UInt8]
    ) throws(TreeError) {
        guard count <= byteCount - cursor else { throw .truncated }
        unsafe extracting(cursor..<cursor + count).withUnsafeBytes {
            unsafe bytes.append(contentsOf: $0)
        }
        cursor += count
    }
}
