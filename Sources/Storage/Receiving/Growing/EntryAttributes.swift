import Content
import Glibc
import Synchronization

/// Sets the rights, dates, owners and attributes of entries, and keeps the entries whose owner or
/// attributes could not be set.
final class EntryAttributes: Sendable {
    private let places: TreePlaces
    private let preserves: Bool
    private let lapsed = Mutex<Set<Int>>([])

    init(_ places: TreePlaces, preserves: Bool) {
        self.places = places
        self.preserves = preserves
    }

    private var layout: TreeLayout { places.layout }

    /// The owner and attributes that an entry should get; nil without `--preserve`.
    func preserved(of position: Int) -> Preserved? {
        preserves ? layout.entries[position].preserved : nil
    }

    /// Sets the rights after the owner and the attributes, because a new owner removes set-id bits,
    /// and an access list changes the rights of the group. The date comes last.
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

    /// Gives a link that is in place its owner, if it has another one and this user may change it.
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

    /// Gives an existing entry its rights and date if they differ and this user may set them: a
    /// folder of another user, to which files are added, stays as it is.
    func dressInPlace(_ position: Int) throws(StorageError) {
        let entry = layout.entries[position]
        let path = places.path(of: position, on: .final)
        let flags = entry.body == .folder ? O_DIRECTORY : 0
        do throws(StorageError) {
            let file = try places.open(position, on: .final, flags: flags)
            let status = try file.status(path: path)
            let isRight = status.st_mode & 0o7777 == mode_t(entry.mode)
            let isKept = try preserved(of: position)?.isKept(by: file, status, path: path) ?? true
            if isRight, isKept, entry.modified.isKept(as: status) { return }
            try dress(file, as: position, path: path)
        } catch .system(_, _, let code) where code == EPERM || code == EACCES {
            if preserved(of: position) != nil { lapsed.withLock { _ = $0.insert(position) } }
            return
        }
    }

    func note(_ outcome: Preserved.Outcome, of position: Int) {
        lapsed.withLock { lapsed in
            if outcome.isWhole { lapsed.remove(position) } else { lapsed.insert(position) }
        }
    }

    /// The entries whose owner or attributes could not be kept; nil if there are none.
    var lapse: PreservedLapse? {
        let (first, count) = lapsed.withLock { ($0.min(), $0.count) }
        return first.map { PreservedLapse(path: places.path(of: $0, on: .final), more: count - 1) }
    }
}
