import Content
import Synchronization
import Vocabulary

/// The states of all entries of a tree, for many threads at once. Each change is a named step, so
/// that no caller has to know which flags change together.
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

    /// To be called before a write to an entry: if it grows, its date has to be set again. Returns
    /// the place of the entry, which decides what may be written.
    func willWrite(to entry: Int) -> EntryState.Place {
        rows.withLock { rows in
            if rows[entry].grows { rows[entry].isDated = false }
            return rows[entry].place
        }
    }

    /// Notes that an entry lies in the part area, in its whole length.
    func made(_ entry: Int) { rows.withLock { $0[entry].isMade = true } }

    /// Notes that an entry lies in the part area with all its bytes, and perhaps its rights and
    /// date.
    func made(_ entry: Int, isDated: Bool) {
        rows.withLock { rows in
            rows[entry].isMade = true
            rows[entry].isDated = isDated
        }
    }

    /// Notes that an entry lies in the part area as a link of a complete file of others.
    func shared(_ entry: Int) {
        rows.withLock { rows in
            rows[entry].isMade = true
            rows[entry].isDated = true
            rows[entry].isShared = true
        }
    }

    /// Notes that a copy has taken the place of a link.
    func unshared(_ entry: Int) {
        rows.withLock { rows in
            rows[entry].isDated = false
            rows[entry].isShared = false
        }
    }

    func dated(_ entry: Int) { rows.withLock { $0[entry].isDated = true } }

    func undate(_ entry: Int) { rows.withLock { $0[entry].isDated = false } }

    /// Notes that an entry is gone from the part area.
    func lost(_ entry: Int) {
        rows.withLock { rows in
            rows[entry].isMade = false
            rows[entry].isDated = false
            rows[entry].isShared = false
            rows[entry].isProven = false
        }
    }

    /// Notes that the file in the place of an entry will be replaced at the end.
    func replace(_ entry: Int) { rows.withLock { $0[entry].place = .replaced } }

    /// Notes that an entry grows from now on, as a copy of the file in its place.
    func cloned(_ entry: Int) {
        rows.withLock { rows in
            rows[entry].place = .replaced
            rows[entry].isMade = true
            rows[entry].isDated = false
        }
    }

    /// Notes that another name has to be linked again: the one in place still leads to the old file
    /// once `original` grows.
    func renew(_ name: Int, of original: Int) {
        rows.withLock { rows in
            if rows[name].place == .right, rows[original].grows { rows[name].place = .replaced }
        }
    }

    /// Notes that entries in place are no longer trusted: later writes are compared with them.
    func doubt(_ entries: some Sequence<Int>) {
        rows.withLock { rows in
            for entry in entries where rows[entry].place == .right { rows[entry].place = .doubted }
        }
    }

    /// Calls `move`, which renames the entries to their final places, under the lock: no reader
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
