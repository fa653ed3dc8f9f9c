import Vocabulary

/// The digests that a rank computed for the pieces of a content. The rank may be the publisher,
/// whose table counts.
struct PublishedTable {
    let content: ContentID
    let publisher: Rank
    let digests: [PieceDigest]
    let tableDigest: PieceDigest
    /// The table was reported to the tracker as final.
    var isSealed = false

    /// The pieces whose bytes a disk had spoilt when they were read.
    var spoiltPieces: [PieceIndex] {
        digests.indices.map { PieceIndex($0) }.filter { piece in
            digests[piece.position]
                == .token(of: piece, version: SimulatedPayload.spoilt, content)
        }
    }

    /// Whether a disk has the pieces of this table, and no other versions of them.
    func isTable(of disk: SimulatedDisk) -> Bool {
        digests.enumerated().allSatisfy { position, digest in
            let piece = PieceIndex(position)
            return disk.version(of: piece, of: content).map {
                PieceDigest.token(of: piece, version: $0, content) == digest
            } ?? false
        }
    }
}

extension PieceDigest {
    /// Stands for the digest of a version of a piece.
    static func token(
        of piece: PieceIndex, version: UInt32, _ content: ContentID
    ) -> PieceDigest {
        var chance = Chance(seed: content.low ^ UInt64(piece.raw) << 32 ^ UInt64(version))
        let words = [chance.next(), chance.next()]
        let bytes = words.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
        }
        guard let digest = PieceDigest(bytes) else {
            preconditionFailure("a token has sixteen bytes")
        }
        return digest
    }
}
