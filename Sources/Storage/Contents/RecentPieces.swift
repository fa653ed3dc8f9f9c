import Synchronization
import Vocabulary

/// The latest pieces, in the buffers in which they arrived. Other ranks request new pieces most, so
/// these are served without a read from the disk.
final class RecentPieces: Sendable {
    struct Row: Sendable {
        let piece: PieceIndex
        let buffer: PieceBuffer
        let digest: PieceDigest
    }

    private let rows = Mutex<[Row]>([])
    private let locks = PieceLocks()
    private let countMax: Int

    init(countMax: Int) { self.countMax = countMax }

    func put(_ row: Row) {
        guard countMax > 0 else { return }
        rows.withLock { rows in
            if rows.count >= countMax { rows.removeFirst() }
            rows.append(row)
        }
    }

    func row(of piece: PieceIndex) -> Row? {
        rows.withLock { rows in rows.first { $0.piece == piece } }
    }

    /// The row of the piece; if it is not there, `read` makes it. A second thread that wants the
    /// same piece waits for the first.
    func row(
        of piece: PieceIndex, orRead read: () throws(StorageError) -> Row
    ) throws(StorageError) -> Row {
        try locks.withLock(piece) { () throws(StorageError) in
            if let row = row(of: piece) { return row }
            let row = try read()
            put(row)
            return row
        }
    }

    func drop(_ piece: PieceIndex) { rows.withLock { $0.removeAll { $0.piece == piece } } }
}
