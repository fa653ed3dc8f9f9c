import Content
import Vocabulary

/// The entries of an archive, which a run notes so that the next run need not read the archive.
/// Integers are little-endian:
///
///      0  4  "MSWU"
///      4  4  version, 1
///      8  8  stamp of the archive
///     16  8  stamp of the unpacked bytes: that of the archive if it has the bytes itself
///     24  8  length of the paths that are left out
///     32  8  length of the description of the tree
///     40     those paths, with a zero byte between each two
///            the description
///            for each entry: 8 start of its bytes
///        16  XXH3 of all that
struct ArchiveIndex: Equatable {
    let archive: FileStamp
    let bytes: FileStamp
    let listing: ArchiveListing

    private static let magic: [UInt8] = Array("MSWU".utf8)
    private static let version: UInt32 = 1
    private static let headByteCount = 40
    private static let digestByteCount = 16

    /// Nil if the tree is too large for a description.
    var encoded: [UInt8]? {
        let tree: [UInt8]
        do throws(TreeError) {
            tree = try TreeManifest(
                entries: listing.entries, pieceLength: Manifest.pieceLengthMax, digest: .xxh3,
                origin: TreeManifest.Origin(publisher: .first, job: 0)
            ).encoded()
        } catch { return nil }
        let leftOut = Array(listing.leftOut.map(\.utf8).joined(separator: [0]))
        var bytes = Self.magic
        Self.append(Self.version, to: &bytes)
        for word in [archive.raw, self.bytes.raw, UInt64(leftOut.count), UInt64(tree.count)] {
            Self.append(word, to: &bytes)
        }
        bytes += leftOut
        bytes += tree
        for start in listing.starts { Self.append(start, to: &bytes) }
        return bytes + Digester.digest(of: bytes, .xxh3)
    }

    init(archive: FileStamp, bytes: FileStamp, listing: ArchiveListing) {
        self.archive = archive
        self.bytes = bytes
        self.listing = listing
    }

    /// Nil if no run of this version has written these bytes.
    init?(parsing bytes: [UInt8]) {
        guard bytes.count >= Self.headByteCount + Self.digestByteCount,
            bytes.starts(with: Self.magic)
        else { return nil }
        let body = Array(bytes.dropLast(Self.digestByteCount))
        guard Digester.digest(of: body, .xxh3).elementsEqual(bytes[body.count...]),
            Self.word(UInt32.self, in: body, at: 4) == Self.version,
            let archive = FileStamp(raw: Self.word(UInt64.self, in: body, at: 8)),
            let stamp = FileStamp(raw: Self.word(UInt64.self, in: body, at: 16)),
            let leftOutCount = Int(exactly: Self.word(UInt64.self, in: body, at: 24)),
            let treeCount = Int(exactly: Self.word(UInt64.self, in: body, at: 32)),
            leftOutCount <= body.count - Self.headByteCount,
            treeCount <= body.count - Self.headByteCount - leftOutCount
        else { return nil }
        var listing = ArchiveListing()
        let treeStart = Self.headByteCount + leftOutCount
        let startsStart = treeStart + treeCount
        do throws(PathError) {
            for name in body[Self.headByteCount..<treeStart].split(separator: 0) {
                listing.leftOut.append(try RelativePath(bytes: Array(name)))
            }
        } catch { return nil }
        do throws(TreeError) {
            let tree = Array(body[treeStart..<startsStart])
            listing.entries = try unsafe TreeManifest(parsing: tree.span.bytes).entries
        } catch { return nil }
        guard body.count - startsStart == listing.entries.count * 8 else { return nil }
        for index in listing.entries.indices {
            let start = Self.word(Int64.self, in: body, at: startsStart + index * 8)
            guard start >= 0 else { return nil }
            listing.starts.append(start)
        }
        self.init(archive: archive, bytes: stamp, listing: listing)
    }

    private static func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    private static func word<Word: FixedWidthInteger>(
        _: Word.Type, in bytes: [UInt8], at offset: Int
    ) -> Word {
        var word: Word = 0
        for byte in bytes[offset..<offset + MemoryLayout<Word>.size].reversed() {
            word = word << 8 | Word(truncatingIfNeeded: byte)
        }
        return word
    }
}
