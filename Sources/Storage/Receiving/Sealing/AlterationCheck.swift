import Content
import Glibc
import Vocabulary

/// Checks, before growing files get their names, whether another process has altered them, and
/// repairs the part area: foreign entries are removed, files that were changed are digested again,
/// and pieces that are wrong or missing are dropped.
struct AlterationCheck {
    private let places: TreePlaces
    private let entries: EntryTable
    private let stamps: StampTable
    private let pieces: HeldPieces
    private let check: PieceCheck
    private let preserves: Bool
    /// Whether a link whose bytes are right stays one, although something has changed its file.
    private let keepsShared: Bool
    /// The number of further names of each file, if it has any.
    private let otherNames: [Int: Int]
    private var seen: [FileIdentity?]
    /// The files that another process has changed.
    private var altered: [Int] = []

    init(
        _ files: GrowingFiles, _ pieces: HeldPieces, preserves: Bool, keepsShared: Bool = false
    ) {
        self.keepsShared = keepsShared
        places = files.places
        entries = files.entries
        stamps = files.stamps
        check = PieceCheck(files.reader, files.stamps, pieces)
        self.pieces = pieces
        self.preserves = preserves
        otherNames = files.layout.otherNames
        seen = [FileIdentity?](repeating: nil, count: files.layout.entries.count)
    }

    private var layout: TreeLayout { places.layout }

    /// Returns false if something had to be repaired: then the tree has to be completed again.
    /// Notes the identities of the top entries that will get their names.
    mutating func isAsLeft(_ standing: StandingEntries) throws(StorageError) -> Bool {
        // The check opens folders, which are dated after it.
        for entry in layout.entries.indices
        where layout.entries[entry].body == .folder && entries.grows(entry) {
            entries.undate(entry)
        }
        let removedCount = try look()
        var isWhole = removedCount == 0 && altered.isEmpty
        for entry in layout.entries.indices where entries.grows(entry) {
            if let identity = seen[entry] {
                if try isName(entry, identity) { continue }
            }
            isWhole = false
            try lose(entry)
        }
        for top in layout.tops where entries.grows(top) { standing.expect(seen[top], of: top) }
        for entry in altered where seen[entry] != nil && entries.grows(entry) {
            guard try !check.prove(entry, on: .growing, keepsShared: keepsShared) else { continue }
            try remove(entry)
        }
        return try hasLeftPlacesAlone() && isWhole
    }

    /// Removes foreign entries, and returns their number.
    private mutating func look() throws(StorageError) -> Int {
        try places.sweep { (entry, status) throws(StorageError) in
            guard try isPlausible(entry, status) else { return false }
            seen[entry] = FileIdentity(status)
            if case .file = layout.entries[entry].body, entries.grows(entry),
                !stamps.isAsLeft(entry, FileStamp(status))
            {
                altered.append(entry)
            }
            return true
        }
    }

    /// Removes whatever lies in the place of a growing entry, which has to come again.
    func remove(_ entry: Int) throws(StorageError) {
        try places.removeGrowing(entry)
        try lose(entry)
    }

    /// Whether another name still leads to its file.
    private func isName(
        _ entry: Int, _ identity: FileIdentity
    ) throws(StorageError) -> Bool {
        guard case .sameFile(let path) = layout.entries[entry].body,
            let original = layout.entry(at: path)
        else { return true }
        if entries.grows(original) { return seen[original] == identity }
        return try FileIdentity(places.status(of: original, on: .final)) == identity
    }

    /// Files in place that were digested there are checked again, too.
    private func hasLeftPlacesAlone() throws(StorageError) -> Bool {
        var isWhole = true
        for entry in layout.entries.indices
        where entries[entry].place == .doubted && stamps.isKnown(entry) {
            let stamp = FileStamp(try places.status(of: entry, on: .final))
            guard !stamps.isAsLeft(entry, stamp) else { continue }
            isWhole = false
            guard try !check.prove(entry, on: .final) else { continue }
            entries.replace(entry)
            try lose(entry)
        }
        return isWhole
    }

    private func isPlausible(_ entry: Int, _ found: stat) throws(StorageError) -> Bool {
        let kind = found.st_mode & S_IFMT
        switch layout.entries[entry].body {
        case .folder:
            return places.isOurFolder(found, entry, preserves: preserves)
        case .file, .sameFile:
            guard entries.grows(entry) else { return false }
            guard case .file = layout.entries[entry].body else { return kind == S_IFREG }
            return places.isOurs(
                found, entry, preserves: preserves, namesMax: nameCount(of: entry))
        case .link(let target):
            guard entries.grows(entry), kind == S_IFLNK else { return false }
            var cursor = FolderCursor(.growing)
            let above = try cursor.parent(of: entry, in: places)
            let name = layout.name(of: entry, on: .growing)
            let path = places.path(of: entry, on: .growing)
            return try DestinationSurvey.target(of: name, in: above, path: path) == target
        }
    }

    /// The number of names that a file may have by now.
    private func nameCount(of entry: Int) -> Int {
        entries[entry].isShared ? .max : 1 + otherNames[entry, default: 0]
    }

    /// Notes that an entry is gone, with all its pieces.
    private func lose(_ entry: Int) throws(StorageError) {
        entries.lost(entry)
        switch layout.entries[entry].body {
        case .link, .folder: return
        case .sameFile: return try places.removeGrowing(entry)
        case .file: break
        }
        stamps.forget(entry)
        for position in layout.entries.indices where nameCount(of: entry) > 1 {
            guard case .sameFile(let path) = layout.entries[position].body,
                layout.entry(at: path) == entry
            else { continue }
            entries.undate(position)
        }
        for piece in pieces.pieces(of: entry) { try pieces.drop(piece) }
    }
}
