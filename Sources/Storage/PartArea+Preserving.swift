import Content
import Synchronization

extension PartArea {
    /// Nil where nothing of that kind is wished.
    func preserved(of position: Int) -> Preserved? {
        options.preserves ? layout.entries[position].preserved : nil
    }

    /// Rights come after the owner and the attributes: a new owner takes set-id bits away, and an
    /// access list changes what the group may do. The date is the last.
    func dress(
        _ file: borrowing OpenFile, as position: Int, path: String
    ) throws(StorageError) {
        let entry = layout.entries[position]
        guard let preserved = preserved(of: position) else {
            return try file.date(as: entry, mode: entry.mode, path: path)
        }
        let outcome = try file.preserve(preserved, path: path)
        note(outcome, of: position)
        // What runs in its owner's name must not run in somebody else's.
        let isFile = entry.body != .folder
        let mode = isFile && !outcome.isOwned ? entry.mode & ~0o6000 : entry.mode
        try file.date(as: entry, mode: mode, path: path)
    }

    func note(_ outcome: Preserved.Outcome, of position: Int) {
        states.withLock { $0[position].isLapsed = !outcome.isWhole }
    }

    /// What could not be kept as it was wished; nil when all was.
    var lapse: PreservedLapse? {
        let positions = states.withLock { states in states.indices.filter { states[$0].isLapsed } }
        return positions.first.map {
            PreservedLapse(path: places.path(of: $0, on: .final), more: positions.count - 1)
        }
    }
}
