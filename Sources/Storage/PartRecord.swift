import Content
import Vocabulary

/// A line of the state file, integers little-endian:
///
///      0  4  piece; all ones where the digest is that of the machine's start, see `ofBoot`
///      4  1  length of the digest; 0 where the piece is no longer here
///      5  3  zero
///      8 32  the digest, and zeros
///     40  8  checksum of the 40 bytes before
struct PartRecord: Equatable {
    let piece: UInt32
    let digest: PieceDigest?

    static let byteCount = 48
    private static let checkedByteCount = 40

    var encoded: [UInt8] {
        var bytes = Self.bytes(of: piece)
        bytes += [UInt8(digest?.byteCount ?? 0), 0, 0, 0]
        bytes += digest?.bytes ?? []
        return Self.sealed(bytes)
    }

    init(piece: PieceIndex, digest: PieceDigest?) {
        self.piece = piece.raw
        self.digest = digest
    }

    /// The machine has been running since `boot` when the lines after this one were written. A
    /// line may have reached the disk, and the bytes it speaks of not, before the power failed.
    init(ofBoot boot: PieceDigest) {
        piece = .max
        digest = boot
    }

    /// What tells one start of the machine from the next.
    static func boot() throws(StorageError) -> PieceDigest {
        let text = try readWhole(path: "/proc/sys/kernel/random/boot_id")
        guard let digest = PieceDigest(Digester.digest(of: text, .xxh3)) else {
            preconditionFailure("a digest fits")
        }
        return digest
    }

    var isOfBoot: Bool { piece == .max }

    /// Nil for what was not written whole.
    init?(_ bytes: ArraySlice<UInt8>) {
        let read = Array(bytes)
        guard read.count == Self.byteCount else { return nil }
        piece = read[..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        digest = PieceDigest(read[8..<8 + min(Int(read[4]), PieceDigest.byteCountMax)])
        guard encoded == read else { return nil }
    }

    /// The first line of a state file, as long as the others: of which content it speaks.
    ///
    ///      0  4  "MSWP"
    ///      4  4  version, 1
    ///      8 16  fingerprint
    ///     24  8  piece length
    ///     32  8  number of pieces
    ///     40  8  checksum
    static func head(_ fingerprint: Digest128, _ geometry: Geometry) -> [UInt8] {
        sealed(
            Array("MSWP".utf8) + bytes(of: UInt32(1)) + fingerprint.bytes
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
