import Content
import Glibc
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
        // A set-id program must not run under the name of another user.
        let isFile = entry.body != .folder
        let mode = isFile && !outcome.isOwned ? entry.mode & ~0o6000 : entry.mode
        try file.date(as: entry, mode: mode, path: path)
    }

    /// A link that is in place gets its owner where that is another one, and where we may.
    func ownInPlace(
        _ position: Int, _ final: inout FolderCursor
    ) throws(StorageError) {
        guard let preserved = preserved(of: position),
            let status = try places.status(of: position, on: .final, &final),
            status.st_uid != preserved.owner || status.st_gid != preserved.group
        else { return }
        let above = try final.parent(of: position, in: places)
        let name = layout.name(of: position, on: .final)
        var outcome = Preserved.Outcome()
        outcome.isOwned = try preserved.own(path: places.path(of: position, on: .final)) {
            unsafe fchownat(above, name, $0, $1, AT_SYMLINK_NOFOLLOW)
        }
        note(outcome, of: position)
    }

    func note(_ outcome: Preserved.Outcome, of position: Int) {
        states.withLock { $0[position].isLapsed = !outcome.isWhole }
    }

    /// The entries whose owner or attributes could not be kept; nil if there are none.
    var lapse: PreservedLapse? {
        let positions = states.withLock { states in states.indices.filter { states[$0].isLapsed } }
        return positions.first.map {
            PreservedLapse(path: places.path(of: $0, on: .final), more: positions.count - 1)
        }
    }
}
