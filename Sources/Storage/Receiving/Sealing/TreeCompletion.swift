import Content
import Glibc
import Vocabulary

/// Creates the entries that no piece creates: folders, links, other names, and empty files. All
/// entries get their rights and dates while they are still in the part area.
struct TreeCompletion: ~Copyable {
    private let places: TreePlaces
    private let entries: EntryTable
    private let files: GrowingFiles
    private let stamps: StampTable
    private let attributes: EntryAttributes
    private var cursor = FolderCursor(.growing)

    init(_ files: GrowingFiles, _ attributes: EntryAttributes) {
        places = files.places
        entries = files.entries
        self.files = files
        stamps = files.stamps
        self.attributes = attributes
    }

    private var layout: TreeLayout { places.layout }
    private var folders: GrowingFolders { files.folders }

    /// Completes the tree, and drops files whose places something else has taken.
    mutating func complete(_ check: AlterationCheck) throws(StorageError) {
        for position in layout.entries.indices {
            let state = entries[position]
            guard state.grows, !state.isDated else { continue }
            try folders.make(above: position)
            switch layout.entries[position].body {
            case .folder:
                // A folder gets its date when nothing in it changes any more.
                try folders.make(position)
                continue
            case .file:
                guard try completeFile(position) else {
                    try check.remove(position)
                    continue
                }
            case .link(let target): try makeLink(position, to: target)
            case .sameFile(let path):
                guard let original = layout.entry(at: path) else {
                    preconditionFailure("another name of a file that is not in the tree")
                }
                // A file that was found to be something else has to come again first.
                guard entries[original].isThere else { continue }
                try makeName(position, of: original)
            }
            entries.dated(position)
        }
    }

    /// Gives the files of a part of a tree, which are complete, their rights and dates. One that
    /// could not be read any more comes again with the tree.
    func dressFiles() throws(StorageError) {
        for position in layout.entries.indices {
            guard case .file = layout.entries[position].body, entries[position].isMade,
                !entries[position].isDated, layout.entries[position].isReadable
            else { continue }
            try makeWhole(position)
            entries.dated(position)
        }
    }

    /// Returns false if something else has taken the place of the file.
    private func completeFile(_ position: Int) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try makeWhole(position)
            return true
        } catch .system(_, _, let code) where [EISDIR, ELOOP, ENXIO].contains(code) {
            return false
        }
    }

    private func makeWhole(_ position: Int) throws(StorageError) {
        let entry = layout.entries[position]
        let path = places.path(of: position, on: .growing)
        if entries[position].isShared { try files.unshare(position) }
        let isMade = entries[position].isMade
        let file = try places.openForGrowing(position, flags: isMade ? 0 : O_TRUNC)
        if isMade { stamps.check(position, FileStamp(try file.status(path: path))) }
        if !isMade, entry.length > 0 { try file.setLength(entry.length, path: path) }
        try attributes.dress(file, as: position, path: path)
        let stamp = FileStamp(try file.status(path: path))
        if isMade { stamps.left(position, as: stamp) } else { stamps.trust(position, as: stamp) }
        entries.made(position)
    }

    private mutating func makeLink(
        _ position: Int, to target: [UInt8]
    ) throws(StorageError) {
        let above = try cursor.parent(of: position, in: places)
        let name = layout.name(of: position, on: .growing)
        let path = places.path(of: position, on: .growing)
        let text = target.map { CChar(bitPattern: $0) } + [0]
        try afresh(name, in: above, path: path) { () throws(StorageError) in
            try posix("symlinkat", path) { unsafe symlinkat(text, above, name) }
        }
        if let preserved = attributes.preserved(of: position) {
            var outcome = Preserved.Outcome()
            outcome.isOwned = try preserved.own(path: path) { owner, group in
                unsafe fchownat(above, name, owner, group, AT_SYMLINK_NOFOLLOW)
            }
            attributes.note(outcome, of: position)
        }
        let times = layout.entries[position].modified.setting
        try posix("utimensat", path) {
            unsafe utimensat(above, name, times, AT_SYMLINK_NOFOLLOW)
        }
    }

    private mutating func makeName(
        _ position: Int, of original: Int
    ) throws(StorageError) {
        let side: TreeSide = entries.grows(original) ? .growing : .final
        var originals = FolderCursor(side)
        let from = try originals.parent(of: original, in: places)
        let fromName = layout.name(of: original, on: side)
        let above = try cursor.parent(of: position, in: places)
        let name = layout.name(of: position, on: .growing)
        let path = places.path(of: position, on: .growing)
        let isKnown = stamps.isKnown(original)
        if isKnown { stamps.check(original, FileStamp(try places.status(of: original, on: side))) }
        try afresh(name, in: above, path: path) { () throws(StorageError) in
            try posix("linkat", path) { unsafe linkat(from, fromName, above, name, 0) }
        }
        guard isKnown else { return }
        stamps.left(original, as: FileStamp(try places.status(of: original, on: side)))
    }

    /// Creates an entry after removing one that an earlier job made under that name.
    private func afresh(
        _ name: [CChar], in folder: Int32, path: String, _ make: () throws(StorageError) -> Void
    ) throws(StorageError) {
        do throws(StorageError) { try make() } catch .system(_, _, EEXIST) {
            try posix("unlinkat", path) { unsafe unlinkat(folder, name, 0) }
            try make()
        }
    }

    /// Dates the deepest folders first, because a new entry changes the date of its folder. A
    /// folder that will be renamed must stay writable to its owner until then, because its `..`
    /// changes.
    func dateFolders() throws(StorageError) {
        for position in layout.entries.indices.reversed() {
            let entry = layout.entries[position]
            let state = entries[position]
            let isInMerged = layout.parent(of: position).map { !entries.grows($0) } ?? true
            guard entry.body == .folder, state.grows, !state.isDated, !isInMerged else { continue }
            let folder = try places.open(position, on: .growing, flags: O_DIRECTORY)
            let path = places.path(of: position, on: .growing)
            try attributes.dress(folder, as: position, path: path)
            entries.dated(position)
        }
    }
}
