import Content
import Glibc

/// Gives the entries of a finished tree their final names, from the top: an entry without a final
/// place is renamed with all entries below it, and an existing folder is merged into.
struct TreeNaming: ~Copyable {
    private let places: TreePlaces
    private let entries: EntryTable
    private let pieces: HeldPieces
    private let attributes: EntryAttributes
    private let standing: StandingEntries
    private let stamps: StampTable
    private let keepsExisting: Bool
    private var growing = FolderCursor(.growing)
    private var final = FolderCursor(.final)
    /// The existing folders, which get their rights and dates when all names are given.
    private var merged: [Int] = []

    init(
        _ reader: PartReader, _ pieces: HeldPieces, _ attributes: EntryAttributes,
        _ standing: StandingEntries, _ stamps: StampTable, keepsExisting: Bool
    ) {
        self.stamps = stamps
        self.keepsExisting = keepsExisting
        places = reader.places
        entries = reader.entries
        self.pieces = pieces
        self.attributes = attributes
        self.standing = standing
    }

    private var layout: TreeLayout { places.layout }

    mutating func giveNames() throws(StorageError) {
        var position = 0
        while position < layout.entries.count { position = try giveName(of: position) }
        for folder in merged.reversed() { try attributes.dressInPlace(folder) }
    }

    /// Gives an entry its name, and returns the next entry that may lack one.
    private mutating func giveName(of position: Int) throws(StorageError) -> Int {
        let state = entries[position]
        let body = layout.entries[position].body
        switch state.place {
        case .absent, .replaced:
            if try giveName(position, state.place) {
                if body == .folder { try attributes.dressInPlace(position) }
                return layout.range(of: position).upperBound
            }
            try entries.settle(position..<position + 1)
            // The entry belongs to another content or process.
            standing.expect(nil, of: position)
            merged.append(position)
        case .right:
            if body == .folder { merged.append(position) }
            if case .file = body, !state.isDated { try attributes.dressInPlace(position) }
            if case .link = body { try attributes.ownInPlace(position, &final) }
        case .doubted:
            try attributes.dressInPlace(position)
        }
        return position + 1
    }

    /// Returns false if a folder has appeared there since the beginning: another content of this
    /// job that goes to the same folder has created it, and the entry is merged into that folder.
    private mutating func giveName(
        _ position: Int, _ place: EntryState.Place
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
            guard isFolder, try isFolderThere(position) else {
                throw .system(call: call, path: path, errno: code)
            }
            return false
        }
        return true
    }

    private mutating func isFolderThere(_ position: Int) throws(StorageError) -> Bool {
        let status = try places.status(of: position, on: .final, &final)
        return status.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// Makes three folders writable that may be read-only even for their owner: the folder in
    /// place, the one that the entry leaves, and the entry itself, whose `..` changes. All get
    /// their final rights at the end. Returns false if nothing changed.
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

    private func move(
        _ position: Int, _ place: EntryState.Place, from: Int32, to: Int32
    ) throws(StorageError) {
        let oldName = layout.name(of: position, on: .growing)
        let newName = layout.name(of: position, on: .final)
        let path = places.path(of: position, on: .final)
        guard place == .absent || !keepsExisting else { throw .different(path: path) }
        try entries.settle(layout.range(of: position)) { () throws(StorageError) in
            // A read for another rank may have found a wrong piece meanwhile.
            guard pieces.isWhole else {
                throw .altered(path: places.path(of: position, on: .growing))
            }
            let before = status(of: position, oldName, in: from)
            if place == .absent {
                try renameNew(from, oldName, to, newName, path: path)
            } else {
                try posix("renameat", path) { unsafe renameat(from, oldName, to, newName) }
            }
            guard let before, let after = status(of: position, newName, in: to),
                stamps.isAsLeft(position, FileStamp(before)),
                FileIdentity(before) == FileIdentity(after),
                try FileState(before, path: path) == FileState(after, path: path)
            else { return }
            stamps.left(position, as: FileStamp(after))
        }
    }

    /// A file looks otherwise under its final name. Nil for other entries, and if it is unknown.
    private func status(of position: Int, _ name: [CChar], in folder: Int32) -> stat? {
        guard case .file = layout.entries[position].body else { return nil }
        var status = stat()
        let isKnown = unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0
        return isKnown ? status : nil
    }
}
