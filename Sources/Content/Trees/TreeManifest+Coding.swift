import Vocabulary

/// The bytes of a tree's description, integers little-endian:
///
///      0  4  "MSWT"
///      4  1  version, 1
///      5  1  digest scheme
///      6  2  zero
///      8  4  rank of the publisher
///     12  4  number of entries
///     16  8  job
///     24  8  piece length
///     32     the entries
///
/// An entry:
///
///         1  kind, and 128 where what is preserved follows
///         1  how many bytes its path shares with the one before: as many as are the same, up
///            to 255
///         2  how many bytes of its path follow, and then those
///         2  mode
///         8  seconds, and 4 nanoseconds, of its date
///            file of bytes throughout: 8 length
///            file with holes: 8 length, 4 number of extents, for each 8 start and 8 end
///            link: 2 length of the target, and then the target
///            another name of a file: 4 position of that file's entry
///            what is preserved: 4 owner, 4 group, 2 number of attributes, for each 1 length of
///            the name, the name, 4 length of the value, the value
///
/// Nothing stands in two ways: what parses encodes to the same bytes. Since a shared beginning is
/// short, paths are never longer than 14 times the input, and what is parsed never takes more
/// memory than 32 times the input.
extension TreeManifest {
    static let magic: [UInt8] = Array("MSWT".utf8)
    static let version: UInt8 = 1
    static let headByteCount = 32
    static let entryByteCountMin = 19
    static let sharedByteCountMax = 255
    static let attributeByteCountMin = 10
    static let preservedMark: UInt8 = 0x80

    /// The raw values travel and are frozen.
    enum EntryKind: UInt8 {
        case folder = 0
        case file = 1
        case fileWithHoles = 2
        case link = 3
        case sameFile = 4
    }

    package func encoded() -> [UInt8] { encoded(by: origin) }

    /// The digest of the description without its publisher and job, by which a second run
    /// recognises what the first one left.
    package var fingerprint: Digest128 {
        let bytes = encoded(by: Origin(publisher: .first, job: 0))
        return unsafe XXH3.digest(of: bytes.span.bytes)
    }

    /// The same by SHA-256, cut to 128 bits: for what is kept longer than a job lasts.
    package var lastingFingerprint: Digest128 {
        let bytes = encoded(by: Origin(publisher: .first, job: 0))
        let words = Digester.digest(of: bytes, .sha256).prefix(Digest128.byteCount)
        return Digest128(
            high: words.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: words.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    private func encoded(by origin: Origin) -> [UInt8] {
        guard let scheme = DigestScheme(digest) else {
            preconditionFailure("checked when this was made")
        }
        var bytes = Self.magic
        bytes.reserveCapacity(Self.headByteCount + entries.count * 40)
        bytes.append(Self.version)
        bytes.append(scheme.rawValue)
        Self.append(UInt16(0), to: &bytes)
        Self.append(origin.publisher.raw, to: &bytes)
        Self.append(UInt32(entries.count), to: &bytes)
        Self.append(origin.job, to: &bytes)
        Self.append(geometry.pieceLength.raw, to: &bytes)
        var last: [UInt8] = []
        for (index, entry) in entries.enumerated() {
            append(entry, at: index, after: last, to: &bytes)
            last = entry.path.utf8
        }
        return bytes
    }

    private func append(
        _ entry: TreeEntry, at index: Int, after last: [UInt8], to bytes: inout [UInt8]
    ) {
        let path = entry.path.utf8
        let shared = Self.sharedByteCount(last, path)
        bytes.append(entry.kind.rawValue | (entry.preserved == nil ? 0 : Self.preservedMark))
        bytes.append(UInt8(shared))
        Self.append(UInt16(path.count - shared), to: &bytes)
        bytes += path[shared...]
        Self.append(entry.mode, to: &bytes)
        Self.append(entry.modified.seconds, to: &bytes)
        Self.append(entry.modified.nanoseconds, to: &bytes)
        switch entry.body {
        case .folder: break
        case .file(let length, let extents):
            Self.append(length, to: &bytes)
            guard entry.kind == .fileWithHoles else { break }
            Self.append(UInt32(extents.count), to: &bytes)
            for extent in extents {
                Self.append(extent.start, to: &bytes)
                Self.append(extent.end, to: &bytes)
            }
        case .link(let target):
            Self.append(UInt16(target.count), to: &bytes)
            bytes += target
        case .sameFile(let first):
            guard let position = position(of: first, before: index) else {
                preconditionFailure("checked when this was made")
            }
            Self.append(UInt32(position), to: &bytes)
        }
        if let preserved = entry.preserved { Self.append(preserved, to: &bytes) }
    }

    private static func append(_ preserved: Preserved, to bytes: inout [UInt8]) {
        append(preserved.owner, to: &bytes)
        append(preserved.group, to: &bytes)
        append(UInt16(preserved.attributes.count), to: &bytes)
        for attribute in preserved.attributes {
            bytes.append(UInt8(attribute.name.count))
            bytes += attribute.name
            append(UInt32(attribute.value.count), to: &bytes)
            bytes += attribute.value
        }
    }

    private static func sharedByteCount(_ a: [UInt8], _ b: [UInt8]) -> Int {
        let most = min(sharedByteCountMax, a.count, b.count)
        var count = 0
        while count < most, a[count] == b[count] { count += 1 }
        return count
    }

    private static func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}

extension TreeEntry {
    fileprivate var kind: TreeManifest.EntryKind {
        switch body {
        case .folder: .folder
        case .file(let length, let extents):
            Extent.areWhole(extents, of: length) ? .file : .fileWithHoles
        case .link: .link
        case .sameFile: .sameFile
        }
    }
}
