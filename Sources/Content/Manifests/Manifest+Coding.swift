import Vocabulary

/// The bytes of a manifest, integers little-endian:
///
///      0  4  "MSWM"
///      4  1  version, 1
///      5  1  digest scheme
///      6  2  length of the name
///      8  8  total bytes (0 for labels)
///     16  8  piece length (0 for labels)
///     24  8  number of pieces
///     32     the name, and then
///            labels: each label and a line feed
///            xxh3: 16 bytes per piece, highest first
///
/// Nothing stands in two ways: what parses encodes to the same bytes.
extension Manifest {
    private static let magic: [UInt8] = Array("MSWM".utf8)
    private static let version: UInt8 = 1
    static let headByteCount = 32

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encodedByteCount)
        bytes += Self.magic
        bytes.append(Self.version)
        bytes.append(scheme.rawValue)
        Self.append(UInt16(name.utf8.count).littleEndian, to: &bytes)
        Self.append(geometry.total.raw.littleEndian, to: &bytes)
        Self.append(geometry.pieceLength.raw.littleEndian, to: &bytes)
        Self.append(Int64(geometry.pieceCount).littleEndian, to: &bytes)
        bytes += name.utf8
        switch body {
        case .labels(let labels):
            bytes += labels.text
        case .xxh3(let digests):
            for digest in digests {
                Self.append(digest.high.bigEndian, to: &bytes)
                Self.append(digest.low.bigEndian, to: &bytes)
            }
        }
        return bytes
    }

    var encodedByteCount: Int {
        let bodyByteCount =
            switch body {
            case .labels(let labels): labels.text.count
            case .xxh3(let digests): digests.count * Digest128.byteCount
            }
        return Self.headByteCount + name.utf8.count + bodyByteCount
    }

    package init(parsing bytes: RawSpan) throws(ManifestError) {
        guard bytes.byteCount >= Self.headByteCount, Self.copy(bytes, 0..<4) == Self.magic else {
            throw .notAManifest
        }
        let version = Self.word(UInt8.self, in: bytes, at: 4)
        guard version == Self.version else { throw .unknownVersion(version) }
        let rawScheme = Self.word(UInt8.self, in: bytes, at: 5)
        guard let scheme = DigestScheme(rawValue: rawScheme) else {
            throw .unknownScheme(rawScheme)
        }
        let nameEnd =
            Self.headByteCount + Int(UInt16(littleEndian: Self.word(in: bytes, at: 6)))
        guard nameEnd <= bytes.byteCount else { throw .wrongLength }
        let name = try Self.name(Self.copy(bytes, Self.headByteCount..<nameEnd))
        let rest = bytes.extracting(nameEnd..<bytes.byteCount)
        let body: Body
        switch scheme {
        case .label: body = .labels(try Self.labels(rest))
        case .xxh3: body = .xxh3(try Self.digests(rest))
        case .sha256: throw .unknownScheme(rawScheme)
        }
        self.init(name: name, geometry: try Self.geometry(bytes, of: body), body: body)
    }

    private static func name(_ bytes: [UInt8]) throws(ManifestError) -> RelativePath {
        do throws(PathError) { return try RelativePath(utf8: bytes) } catch {
            throw .badName(error)
        }
    }

    private static func labels(_ rest: RawSpan) throws(ManifestError) -> LabelTable {
        do throws(LabelError) {
            return try LabelTable(text: copy(rest, 0..<rest.byteCount))
        } catch {
            throw .badLabel(error)
        }
    }

    /// As many as there are: the head's number is compared afterwards, so that nothing is ever
    /// allocated on its word.
    private static func digests(_ rest: RawSpan) throws(ManifestError) -> [Digest128] {
        let (count, odd) = rest.byteCount.quotientAndRemainder(dividingBy: Digest128.byteCount)
        guard odd == 0 else { throw .wrongLength }
        var digests: [Digest128] = []
        digests.reserveCapacity(count)
        for offset in stride(from: 0, to: rest.byteCount, by: Digest128.byteCount) {
            digests.append(
                Digest128(
                    high: UInt64(bigEndian: word(in: rest, at: offset)),
                    low: UInt64(bigEndian: word(in: rest, at: offset + 8))))
        }
        return digests
    }

    private static func geometry(
        _ bytes: RawSpan, of body: Body
    ) throws(ManifestError) -> Geometry {
        let total = Int64(littleEndian: word(in: bytes, at: 8))
        let pieceLength = Int64(littleEndian: word(in: bytes, at: 16))
        let pieceCount = Int64(littleEndian: word(in: bytes, at: 24))
        switch body {
        case .labels(let labels):
            guard total == 0, pieceLength == 0 else { throw .badGeometry }
            guard pieceCount == Int64(labels.count) else { throw .wrongLength }
            guard let geometry = Geometry(labels: labels.count) else { throw .badGeometry }
            return geometry
        case .xxh3(let digests):
            guard total >= 0, pieceLength > 0, pieceLength <= pieceLengthMax.raw,
                let geometry = Geometry(
                    total: ByteCount(total), pieceLength: ByteCount(pieceLength)),
                pieceCount == Int64(geometry.pieceCount)
            else { throw .badGeometry }
            guard digests.count == geometry.pieceCount else { throw .wrongLength }
            return geometry
        }
    }

    private static func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word) { unsafe bytes.append(contentsOf: $0) }
    }

    private static func word<Word: FixedWidthInteger & BitwiseCopyable>(
        _: Word.Type = Word.self, in bytes: RawSpan, at offset: Int
    ) -> Word {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self)
    }

    private static func copy(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] {
        unsafe bytes.extracting(range).withUnsafeBytes { unsafe Array($0) }
    }
}
