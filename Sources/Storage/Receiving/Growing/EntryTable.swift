import Content
import Synchronization
import Vocabulary

/// The states of all entries of a tree, for many threads at once. Each change is a named step, so
/// that no caller has to know which marks belong together.
///
/// Invariant: an entry that is not made has no final rights and no date.
final class EntryTable: Sendable {
    private let rows: Mutex<[EntryState]>

    init(_ states: [EntryState]) { rows = Mutex(states) }

    subscript(entry: Int) -> EntryState { rows.withLock { $0[entry] } }

    func grows(_ entry: Int) -> Bool { self[entry].grows }

    var all: [EntryState] { rows.withLock { $0 } }

    /// The growing files that a piece has bytes of.
    func files(of piece: PieceIndex, in layout: TreeLayout) -> PieceFiles {
        rows.withLock { PieceFiles(of: piece, in: layout, $0) }
    }

    /// Something is about to be written to it: where it grows, its date is to be set again. Returns
    /// the place that decides what may be written.
    func willWrite(to entry: Int) -> EntryState.Place {
        rows.withLock { rows in
            if rows[entry].grows { rows[entry].isDated = false }
            return rows[entry].place
        }
    }

    /// It lies in the part area, in its whole length.
    func made(_ entry: Int) { rows.withLock { $0[entry].isMade = true } }

    /// It lies in the part area with all its bytes, and perhaps with its rights and its date.
    func made(_ entry: Int, isDated: Bool) {
        rows.withLock { rows in
            rows[entry].isMade = true
            rows[entry].isDated = isDated
        }
    }

    func dated(_ entry: Int) { rows.withLock { $0[entry].isDated = true } }

    func undate(_ entry: Int) { rows.withLock { $0[entry].isDated = false } }

    /// Nothing of it lies in the part area any more.
    func lost(_ entry: Int) {
        rows.withLock { rows in
            rows[entry].isMade = false
            rows[entry].isDated = false
        }
    }

    /// What is in its place gives way at the end.
    func replace(_ entry: Int) { rows.withLock { $0[entry].place = .replaced } }

    /// It grows from now on, beginning as a copy of what is in its place.
    func cloned(_ entry: Int) {
        rows.withLock { rows in
            rows[entry].place = .replaced
            rows[entry].isMade = true
            rows[entry].isDated = false
        }
    }

    /// Another name in place still means the old file once `original` grows: it is made again.
    func renew(_ name: Int, of original: Int) {
        rows.withLock { rows in
            if rows[name].place == .right, rows[original].grows { rows[name].place = .replaced }
        }
    }

    /// Entries in place that were believed are compared with what is written from now on.
    func doubt(_ entries: some Sequence<Int>) {
        rows.withLock { rows in
            for entry in entries where rows[entry].place == .right { rows[entry].place = .doubted }
        }
    }

    /// `move` brings the entries to their final places. The lock is held over it, so that no reader
    /// gets the place that an entry has just left.
    func settle(
        _ entries: Range<Int>, after move: () throws(StorageError) -> Void = {}
    ) throws(StorageError) {
        try rows.withLock { rows throws(StorageError) in
            try move()
            for entry in entries { rows[entry].place = .right }
        }
    }
}
