import Content
import Vocabulary

/// The description of a content in the cache of a node: the digests of its pieces, and the states
/// of its files there. Integers are little-endian:
///
///      0  4  "MSWC"
///      4  1  version, 2
///      5  1  digest scheme
///      6  2  number of bytes of the name
///      8 16  fingerprint of the content
///     24  8  piece length
///     32  4  number of pieces
///     36  4  number of files
///     40 16  the start of the machine since which the states of the files are known
///     56     the name
///            for each file with bytes, in tree order: 8 length, 8 state, 8 state of the source
///            that has these bytes, zero where not known; the last is missing in version 1
///            for each piece: 1 one if its digest is known, and the digest or zeros
///        16  checksum of all bytes before
///
/// Invariant: the files fill the pieces, so that a piece lies where it lies in the tree.
struct CacheNote: Equatable, Sendable {
    struct File: Equatable, Sendable {
        let length: Int64
        /// Nil if the bytes have to be digested before they are trusted.
        var stamp: FileStamp?
        /// The state of a file of SOURCE that had these bytes, according to this job or an earlier
        /// one: in that state it has them still.
        var source: FileStamp?
    }

    let fingerprint: Digest128
    let scheme: DigestScheme
    let pieceLength: ByteCount
    /// The first name of the tree, for people.
    let name: [UInt8]
    var files: [File]
    var digests: [PieceDigest?]
    var boot: PieceDigest

    private static let magic = Array("MSWC".utf8)
    private static let headByteCount = 56

    /// Creates the note of a content of which nothing is known yet.
    init(_ manifest: TreeManifest, boot: PieceDigest) {
        precondition(manifest.digest == .sha256, "only contents that nobody can forge are kept")
        fingerprint = manifest.lastingFingerprint
        scheme = .sha256
        pieceLength = manifest.geometry.pieceLength
        name = manifest.entries.first?.path.utf8 ?? []
        files = manifest.entries.lazy.map(\.length).filter { $0 > 0 }.map { File(length: $0) }
        digests = [PieceDigest?](repeating: nil, count: manifest.geometry.pieceCount)
        self.boot = boot
    }

    var byteCount: Int64 { files.reduce(0) { $0 + $1.length } }

    /// Whether this is a note of the tree. The fingerprint alone does not show the lengths of the
    /// files.
    func describes(_ manifest: TreeManifest) -> Bool {
        let other = CacheNote(manifest, boot: boot)
        return fingerprint == other.fingerprint && scheme == other.scheme
            && pieceLength == other.pieceLength && digests.count == other.digests.count
            && files.map(\.length) == other.files.map(\.length)
    }
}

extension CacheNote {
    /// The offsets of the files in the address space of the pieces.
    var offsets: [Int64] {
        var offset: Int64 = 0
        return files.map { file in
            defer { offset += file.length }
            return offset
        }
    }

    func pieces(of file: Int, at offset: Int64) -> Range<Int> {
        let first = Int(offset / pieceLength.raw)
        return first..<Int((offset + files[file].length - 1) / pieceLength.raw) + 1
    }

    /// The names of the files in the cache; nil if the digest of a piece is unknown. Equal names
    /// mean equal bytes, because a name is the digest of the places of the bytes in their pieces
    /// and of the digests of these pieces.
    var keys: [Digest128?] {
        zip(files.indices, offsets).map { file, offset in
            let range = pieces(of: file, at: offset)
            var bytes: [UInt8] = [scheme.rawValue]
            Self.append(pieceLength.raw, to: &bytes)
            Self.append(offset % pieceLength.raw, to: &bytes)
            Self.append(files[file].length, to: &bytes)
            for digest in digests[range] {
                guard let digest else { return nil }
                bytes += digest.bytes
            }
            let digest = Digester.digest(of: bytes, scheme.algorithm ?? .sha256)
            return Digest128(cacheBytes: digest[..<Digest128.byteCount])
        }
    }

    /// Takes over the digests and states of an earlier note of the same content, unless digests
    /// differ: then the source had other bytes, and this note has the later ones.
    mutating func merge(_ other: CacheNote) {
        let isSame = zip(digests, other.digests).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
        guard isSame, other.files.map(\.length) == files.map(\.length) else { return }
        for position in digests.indices where digests[position] == nil {
            digests[position] = other.digests[position]
        }
        for file in files.indices where files[file].source == nil {
            files[file].source = other.files[file].source
        }
        guard other.boot == boot else { return }
        for file in files.indices where files[file].stamp == nil {
            files[file].stamp = other.files[file].stamp
        }
    }
}

extension CacheNote {
    var encoded: [UInt8] {
        var bytes = Self.magic + [2, scheme.rawValue]
        Self.append(UInt16(name.count), to: &bytes)
        bytes += fingerprint.bytes
        Self.append(pieceLength.raw, to: &bytes)
        Self.append(UInt32(digests.count), to: &bytes)
        Self.append(UInt32(files.count), to: &bytes)
        bytes += boot.bytes
        bytes += name
        for file in files {
            Self.append(file.length, to: &bytes)
            Self.append(file.stamp?.raw ?? 0, to: &bytes)
            Self.append(file.source?.raw ?? 0, to: &bytes)
        }
        let none = [UInt8](repeating: 0, count: scheme.algorithm?.byteCount ?? 0)
        for digest in digests {
            bytes.append(digest == nil ? 0 : 1)
            bytes += digest?.bytes ?? none
        }
        let sum = unsafe XXH3.digest(of: bytes.span.bytes)
        return bytes + sum.bytes
    }

    /// Nil if the bytes were not written completely, or by a later version.
    init?(parsing bytes: [UInt8]) {
        let sumStart = bytes.count - Digest128.byteCount
        guard sumStart >= Self.headByteCount else { return nil }
        let sum = unsafe XXH3.digest(of: bytes.span.bytes.extracting(..<sumStart))
        guard sum.bytes.elementsEqual(bytes[sumStart...]), bytes.starts(with: Self.magic),
            let hasSources = [1: false, 2: true][bytes[4]],
            let scheme = DigestScheme(rawValue: bytes[5]), scheme == .sha256,
            let algorithm = scheme.algorithm
        else { return nil }
        var rest = bytes[6..<sumStart]
        let nameCount = Int(Self.take(UInt16.self, from: &rest))
        fingerprint = Digest128(cacheBytes: rest.prefix(16))
        rest = rest.dropFirst(16)
        let length = Self.take(Int64.self, from: &rest)
        let pieceCount = Int(Self.take(UInt32.self, from: &rest))
        let fileCount = Int(Self.take(UInt32.self, from: &rest))
        guard length > 0, let boot = PieceDigest(rest.prefix(16)) else { return nil }
        rest = rest.dropFirst(16)
        let filesByteCount = (hasSources ? 24 : 16) * fileCount
        guard rest.count == nameCount + filesByteCount + (1 + algorithm.byteCount) * pieceCount
        else { return nil }
        self.scheme = scheme
        self.boot = boot
        pieceLength = ByteCount(length)
        name = Array(rest.prefix(nameCount))
        rest = rest.dropFirst(nameCount)
        files = []
        var total: Int64 = 0
        for _ in 0..<fileCount {
            let length = Self.take(Int64.self, from: &rest)
            guard length > 0, length <= TreeManifest.totalMax - total else { return nil }
            total += length
            let stamp = FileStamp(raw: Self.take(UInt64.self, from: &rest))
            let source = hasSources ? FileStamp(raw: Self.take(UInt64.self, from: &rest)) : nil
            files.append(File(length: length, stamp: stamp, source: source))
        }
        digests = []
        for _ in 0..<pieceCount {
            let isKnown = rest.removeFirst() == 1
            digests.append(isKnown ? PieceDigest(rest.prefix(algorithm.byteCount)) : nil)
            rest = rest.dropFirst(algorithm.byteCount)
        }
        let pieces = total == 0 ? 0 : (total - 1) / length + 1
        guard pieces == Int64(pieceCount) else { return nil }
    }

    private static func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    private static func take<Word: FixedWidthInteger>(
        _ type: Word.Type, from bytes: inout ArraySlice<UInt8>
    ) -> Word {
        let size = Word.bitWidth / 8
        defer { bytes = bytes.dropFirst(size) }
        return bytes.prefix(size).reversed().reduce(0) { $0 << 8 | Word($1) }
    }
}

extension Digest128 {
    init(cacheBytes bytes: some Collection<UInt8>) {
        self.init(
            high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// 32 digits.
    var digits: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
