import Content
import Vocabulary

/// A line of the state file, integers little-endian:
///
///      0  4  piece, or entry; all ones where the digest is that of the machine's start, see
///            `ofBoot`
///      4  1  length of the digest; 0 where the piece is no longer here, and for a file
///      5  1  0 for a piece, 1 for a file
///      6  2  zero
///      8 32  the digest, and zeros
///     40  8  a file's stamp, or that of all files that lie whole in a piece; 0 where it is not
///            known
///     48  8  checksum of the 48 bytes before
struct PartRecord: Equatable {
    let number: UInt32
    let isFile: Bool
    let digest: PieceDigest?
    let stamp: FileStamp?

    static let byteCount = 56
    private static let checkedByteCount = 48

    var encoded: [UInt8] {
        var bytes = Self.bytes(of: number)
        bytes += [UInt8(digest?.byteCount ?? 0), isFile ? 1 : 0, 0, 0]
        bytes += digest?.bytes ?? []
        bytes += [UInt8](repeating: 0, count: Self.checkedByteCount - 8 - bytes.count)
        bytes += Self.bytes(of: stamp?.raw ?? 0)
        return Self.sealed(bytes)
    }

    init(piece: PieceIndex, digest: PieceDigest?, stamp: FileStamp? = nil) {
        number = piece.raw
        isFile = false
        self.digest = digest
        self.stamp = stamp
    }

    /// The state of a file that lies in more than one piece, after the pieces of the lines before.
    init(file entry: Int, stamp: FileStamp?) {
        number = UInt32(entry)
        isFile = true
        digest = nil
        self.stamp = stamp
    }

    /// The start of the machine at which the lines after this one were written. If the power fails,
    /// a line may have reached the disk, but not the bytes that it describes.
    init(ofBoot boot: PieceDigest) {
        number = .max
        isFile = false
        digest = boot
        stamp = nil
    }

    /// The identity of this start of the machine.
    static func boot() throws(StorageError) -> PieceDigest {
        let text = try readWhole(path: "/proc/sys/kernel/random/boot_id")
        guard let digest = PieceDigest(Digester.digest(of: text, .xxh3)) else {
            preconditionFailure("a digest fits")
        }
        return digest
    }

    var isOfBoot: Bool { number == .max }

    /// Nil if the line was not written completely.
    init?(_ bytes: ArraySlice<UInt8>) {
        let read = Array(bytes)
        guard read.count == Self.byteCount else { return nil }
        number = read[..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        isFile = read[5] == 1
        digest = PieceDigest(read[8..<8 + min(Int(read[4]), PieceDigest.byteCountMax)])
        stamp = FileStamp(raw: read[40..<48].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        guard encoded == read else { return nil }
    }

    /// The first line of a state file, as long as the others, which identifies the content.
    ///
    ///      0  4  "MSWP"
    ///      4  4  version, 2
    ///      8 16  fingerprint
    ///     24  8  piece length
    ///     32  8  number of pieces
    ///     40  8  zero
    ///     48  8  checksum
    static func head(_ fingerprint: Digest128, _ geometry: Geometry) -> [UInt8] {
        sealed(
            Array("MSWP".utf8) + bytes(of: UInt32(2)) + fingerprint.bytes
                + bytes(of: geometry.pieceLength.raw) + bytes(of: Int64(geometry.pieceCount)))
    }

    private static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let padded = bytes + [UInt8](repeating: 0, count: checkedByteCount - bytes.count)
        let checksum = unsafe XXH3.digest(of: padded.span.bytes).low
        return padded + Self.bytes(of: checksum)
    }
}
