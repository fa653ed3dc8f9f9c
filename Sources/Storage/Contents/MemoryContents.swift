import Synchronization
package import Vocabulary

/// Pieces held in memory, for both threads of a peer: the download thread puts them, the upload
/// thread serves them. A piece never changes once it is here.
package final class MemoryContents: Sendable {
    private let rows = Mutex<[ContentID: [PieceBuffer?]]>([:])

    package init() {}

    /// Adds a content. Pieces that are here already stay.
    package func add(_ content: ContentID, pieceCount: Int) {
        rows.withLock { rows in
            if rows[content] == nil {
                rows[content] = [PieceBuffer?](repeating: nil, count: pieceCount)
            }
        }
    }

    package func remove(_ content: ContentID) { rows.withLock { $0[content] = nil } }

    /// The content must have been added.
    package func put(_ buffer: PieceBuffer, as piece: PieceIndex, of content: ContentID) {
        rows.withLock { rows in
            precondition(rows[content] != nil, "pieces of a content that was not added")
            rows[content]?[piece.position] = buffer
        }
    }

    /// Cuts a complete content into pieces, and puts all of them at once: another thread may remove
    /// the content at any moment.
    package func put(_ bytes: [UInt8], as content: ContentID, geometry: Geometry) {
        precondition(geometry.total.raw == Int64(bytes.count), "bytes of another content")
        let row = (0..<geometry.pieceCount).map { position -> PieceBuffer? in
            let piece = PieceIndex(position)
            let start = Int(geometry.offset(of: piece))
            let end = start + geometry.size(of: piece)
            return unsafe PieceBuffer(copying: bytes.span.bytes.extracting(start..<end))
        }
        rows.withLock { $0[content] = row }
    }

    /// Nil for a content or a piece that is not here, including a piece whose number is too high.
    package func piece(_ piece: PieceIndex, of content: ContentID) -> PieceBuffer? {
        rows.withLock { rows in
            guard let row = rows[content], piece.position < row.count else { return nil }
            return row[piece.position]
        }
    }

    /// A content's bytes end to end; nil while a piece is missing.
    package func bytes(of content: ContentID) -> [UInt8]? {
        guard let pieces = pieces(of: content) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.byteCount })
        for piece in pieces {
            piece.withBytes { unsafe $0.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
        }
        return bytes
    }

    /// All pieces of a content in order; nil while one is missing.
    package func pieces(of content: ContentID) -> [PieceBuffer]? {
        guard let row = rows.withLock({ $0[content] }) else { return nil }
        let pieces = row.compactMap { $0 }
        return pieces.count == row.count ? pieces : nil
    }
}
