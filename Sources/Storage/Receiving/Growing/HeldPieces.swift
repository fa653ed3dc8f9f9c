import Content
import Synchronization
import Vocabulary

/// The pieces that are here, the states in which this job left the files that hold them, and the
/// state file that remembers both.
///
/// Invariant: a piece that is dropped is dropped in the state file, too, before the caller goes on.
final class HeldPieces: Sendable {
    private let layout: TreeLayout
    private let entries: EntryTable
    private let stamps: StampTable
    private let ledger: Mutex<PieceLedger>

    init(
        _ layout: TreeLayout, _ entries: EntryTable, _ stamps: StampTable,
        _ ledger: consuming PieceLedger
    ) {
        self.layout = layout
        self.entries = entries
        self.stamps = stamps
        self.ledger = Mutex(ledger)
    }

    var all: PieceSet { ledger.withLock { $0.held } }

    /// Pieces that are in place and were read there, and are not confirmed yet.
    var found: PieceSet { ledger.withLock { $0.found } }

    var isWhole: Bool { ledger.withLock { $0.held.isFull } }

    func contains(_ piece: PieceIndex) -> Bool { ledger.withLock { $0.held.contains(piece) } }

    func digest(of piece: PieceIndex) -> PieceDigest? { ledger.withLock { $0.digest(of: piece) } }

    /// The pieces that are here and hold bytes of an entry.
    func pieces(of entry: Int) -> [PieceIndex] {
        layout.manifest.pieces(of: entry).map { PieceIndex($0) }.filter { piece in
            contains(piece)
                && layout.manifest.stretches(of: piece).contains {
                    $0.entry == entry && !layout.data(in: $0).isEmpty
                }
        }
    }

    /// Notes that a piece is here and its bytes are right.
    func hold(_ piece: PieceIndex, digest: PieceDigest) throws(StorageError) {
        let files = entries.files(of: piece, in: layout)
        let stamp = files.stamp(in: stamps)
        try ledger.withLock { ledger throws(StorageError) in
            try ledger.hold(piece, digest: digest, stamp: stamp, files: files.shared)
        }
    }

    /// Notes the digest of a piece that was read in place, right or wrong.
    func find(_ piece: PieceIndex, digest: PieceDigest) {
        ledger.withLock { $0.find(piece, digest: digest) }
    }

    /// Notes the digest that a piece here should have, unless one is known.
    func recall(_ piece: PieceIndex, digest: PieceDigest) {
        ledger.withLock { ledger in
            guard ledger.held.contains(piece), ledger.digest(of: piece) == nil else { return }
            ledger.recall(piece, digest: digest)
        }
    }

    /// Drops a piece whose bytes are wrong. The files in place that hold it are no longer trusted:
    /// the next write compares them.
    func drop(_ piece: PieceIndex) throws(StorageError) { try drop([piece]) }

    func drop(_ dropped: [PieceIndex]) throws(StorageError) {
        for piece in dropped { entries.doubt(layout.manifest.stretches(of: piece).map(\.entry)) }
        try ledger.withLock { ledger throws(StorageError) in
            for piece in dropped { try ledger.drop(piece) }
            // If this job is killed now, the next one must not find the pieces in the state file.
            try ledger.flush()
        }
    }

    /// Cancels the note of an earlier job about a piece.
    func revoke(_ piece: PieceIndex) throws(StorageError) {
        try ledger.withLock { ledger throws(StorageError) in try ledger.drop(piece) }
    }

    /// Drops a piece that was altered where it grows. Its files are checked again before they get
    /// their names.
    func distrust(_ piece: PieceIndex) throws(StorageError) {
        let files = entries.files(of: piece, in: layout)
        for entry in files.whole + files.shared { stamps.distrust(entry) }
        try drop(piece)
    }

    /// Writes the pending notes to the state file.
    func flush() throws(StorageError) {
        try ledger.withLock { ledger throws(StorageError) in try ledger.flush() }
    }
}
