import CLinux
import Content
import Glibc
import Synchronization

extension PartArea {
    /// From the top: an entry without a final place is renamed with all entries below it, and an
    /// existing folder is merged into.
    func giveNames() throws(StorageError) {
        var growing = FolderCursor(.growing)
        var final = FolderCursor(.final)
        var merged: [Int] = []
        var position = 0
        while position < layout.entries.count {
            let state = states.withLock { $0[position] }
            let body = layout.entries[position].body
            let isFolder = body == .folder
            switch state.place {
            case .absent, .replaced:
                if try giveName(position, state.place, &growing, &final) {
                    if isFolder { try dateInPlace(position) }
                    position = layout.range(of: position).upperBound
                } else {
                    states.withLock { $0[position].place = .right }
                    // It is another's.
                    standing.withLock { $0[position] = nil }
                    merged.append(position)
                    position += 1
                }
            case .right:
                if isFolder { merged.append(position) }
                if case .file = body, !state.isDated { try dateInPlace(position) }
                if case .link = body { try ownInPlace(position, &final) }
                position += 1
            case .doubted:
                try dateInPlace(position)
                position += 1
            }
        }
        for folder in merged.reversed() { try dateInPlace(folder) }
    }

    /// Returns false if a folder has appeared there since the beginning: another content of this
    /// job that goes to the same folder was first, and it is merged into.
    private func giveName(
        _ position: Int, _ place: EntryState.Place, _ growing: inout FolderCursor,
        _ final: inout FolderCursor
    ) throws(StorageError) -> Bool {
        let from = try growing.parent(of: position, in: places)
        let to = try final.parent(of: position, in: places)
        let isFolder = layout.entries[position].body == .folder
        do throws(StorageError) {
            do throws(StorageError) {
                try move(position, place, from: from, to: to)
            } catch .system(let call, let path, EACCES) where layout.parent(of: position) != nil {
                guard try permit(position, from: from, to: to) else {
                    throw .system(call: call, path: path, errno: EACCES)
                }
                try move(position, place, from: from, to: to)
            }
        } catch .system(let call, let path, let code) where code == EEXIST || code == ENOTEMPTY {
            guard isFolder, try isFolderThere(position, &final) else {
                throw .system(call: call, path: path, errno: code)
            }
            return false
        }
        return true
    }

    private func isFolderThere(
        _ position: Int, _ final: inout FolderCursor
    ) throws(StorageError) -> Bool {
        let status = try places.status(of: position, on: .final, &final)
        return status.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// A folder of ours may forbid even us to write: the one that is there, the one that the entry
    /// leaves, and the entry itself, whose `..` changes. All get their final rights at the end.
    /// False where nothing was forbidden.
    private func permit(
        _ position: Int, from: Int32, to: Int32
    ) throws(StorageError) -> Bool {
        let path = places.path(of: position, on: .final)
        var isPermitted = false
        for folder in [from, to] {
            var status = stat()
            try posix("fstat", path) { unsafe fstat(folder, &status) }
            guard status.st_mode & 0o300 != 0o300 else { continue }
            if fchmod(folder, status.st_mode | 0o300) == 0 { isPermitted = true }
        }
        guard layout.entries[position].body == .folder else { return isPermitted }
        let name = layout.name(of: position, on: .growing)
        return unsafe fchmodat(from, name, 0o700, 0) == 0 || isPermitted
    }

    /// The lock is held over the call, so that no caller gets the place that the entry has just
    /// left.
    private func move(
        _ position: Int, _ place: EntryState.Place, from: Int32, to: Int32
    ) throws(StorageError) {
        let oldName = layout.name(of: position, on: .growing)
        let newName = layout.name(of: position, on: .final)
        let path = places.path(of: position, on: .final)
        try states.withLock { states throws(StorageError) in
            // A read for another rank may have found something wrong meanwhile.
            guard isWhole else { throw .altered(path: places.path(of: position, on: .growing)) }
            if place == .absent {
                try renameNew(from, oldName, to, newName, path: path)
            } else {
                try posix("renameat", path) { unsafe renameat(from, oldName, to, newName) }
            }
            for entry in layout.range(of: position) { states[entry].place = .right }
        }
    }

    /// Existing entries get their rights and date if those differ and may be set: a folder of
    /// another user, to which files are added, stays as it is.
    private func dateInPlace(_ position: Int) throws(StorageError) {
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
            if preserved(of: position) != nil { states.withLock { $0[position].isLapsed = true } }
            return
        }
    }
}
