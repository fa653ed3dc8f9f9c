package import Vocabulary

/// A `.torrent`: BitTorrent v1 (BEP 3), v2 (BEP 52), or both at once.
///
/// Invariant: `infoBytes` are canonical and say what `info` says, and possibly more. They are kept
/// byte for byte, because the identity of a torrent is their digest.
package struct Torrent: Equatable, Sendable {
    package let info: TorrentInfo
    package let infoBytes: [UInt8]
    /// The entries beside the info dictionary and its piece layers, such as announce lists and a
    /// comment, kept byte for byte.
    package let notes: [Note]

    package struct Note: Equatable, Sendable {
        package let key: [UInt8]
        /// Bencoded.
        package let value: [UInt8]
    }

    package enum Version: String, Sendable, CaseIterable {
        case v1
        case v2
        case hybrid

        /// The algorithms of its pieces and its identities.
        var algorithms: [DigestAlgorithm] {
            switch self {
            case .v1: [.sha1]
            case .v2: [.sha256]
            case .hybrid: [.sha1, .sha256]
            }
        }
    }

    /// SHA-1 of the info dictionary; nil for one that is v2 alone.
    package var infoHashV1: [UInt8]? {
        info.version == .v2 ? nil : Digester.digest(of: infoBytes, .sha1)
    }

    /// SHA-256 of the info dictionary; nil for one that is v1 alone.
    package var infoHashV2: [UInt8]? {
        info.version == .v1 ? nil : Digester.digest(of: infoBytes, .sha256)
    }

    package func encoded() -> [UInt8] {
        var entries = notes.map { Bencode.Entry($0.key, .encoded($0.value)) }
        entries.append(Bencode.Entry("info", .encoded(infoBytes)))
        if info.version != .v1 { entries.append(Bencode.Entry("piece layers", layers)) }
        return Bencode.dictionary(entries).encoded()
    }

    /// Files of the same bytes have one layer together.
    private var layers: Bencode {
        let files = info.files.filter { $0.layer != nil }.sorted {
            ($0.root ?? []).lexicographicallyPrecedes($1.root ?? [])
        }
        var entries: [Bencode.Entry] = []
        for file in files {
            guard let root = file.root, let layer = file.layer, entries.last?.key != root else {
                continue
            }
            entries.append(Bencode.Entry(root, .text(layer.bytes)))
        }
        return .dictionary(entries)
    }

    /// In v2 pieces are whole trees of blocks; v1 has any.
    package static func accepts(pieceLength: Int64, in version: Version) -> Bool {
        guard version != .v1 else { return (1...pieceLengthMax).contains(pieceLength) }
        return pieceLength & (pieceLength - 1) == 0
            && (MerkleTree.blockByteCount...pieceLengthMax).contains(pieceLength)
    }

    /// The limit of the most common library; torrents with longer pieces would find no clients.
    package static let pieceLengthMax: Int64 = 512 << 20
}

/// The contents of an info dictionary.
package struct TorrentInfo: Equatable, Sendable {
    package let version: Torrent.Version
    /// Of the file, or of the folder with all the files. A single name.
    package let name: RelativePath
    package let isSingleFile: Bool
    package let pieceLength: Int64
    package let isPrivate: Bool
    /// In the order of their bytes; with the pads, where v1 has some.
    package let files: [TorrentFile]
    /// Of v1: SHA-1 over pieces that do not stop at the ends of files.
    package let pieces: DigestTable?

    package var total: Int64 { files.reduce(0) { $0 + ($1.isPad ? 0 : $1.length) } }
    package var fileCount: Int { files.reduce(0) { $0 + ($1.isPad ? 0 : 1) } }
}

package struct TorrentFile: Equatable, Sendable {
    /// Below the folder that has the torrent's name, or that name itself where it is the only file.
    package let path: RelativePath
    package let length: Int64
    /// Zeros that let the next file begin with a piece; there is no such file on disk.
    package let isPad: Bool
    /// Of v2, unless the file is empty.
    package var root: [UInt8]?
    /// Of v2, for files longer than a piece: one digest for each piece.
    package var layer: DigestTable?
}
