import CLinux
import Content
import Glibc
import Vocabulary

/// Walks one source. Each folder is opened once, and what lies in it is looked at beneath the
/// open folder, so that a file costs the same however deep it lies; and no folder stays open
/// while others are walked, so that depth costs no descriptors.
struct TreeLister: ~Copyable {
    private let root: OpenFile
    private let path: String
    private let name: RelativePath
    private let follows: Bool
    private let preserves: Bool
    private let filter: PathFilter
    private var listing: TreeListing
    /// The entries found, the next one in tree order last.
    private var found: [Found] = []
    /// The folders that the last entry lies in, from the top.
    private var ancestors: [FileIdentity] = []
    private var repeats: LinkRepeats
    /// The first names of files that have several.
    private var firstNames: [FileIdentity: RelativePath] = [:]

    private struct Found {
        let entry: TreeEntry
        let identity: FileIdentity
        let hasOtherNames: Bool
        /// In how many folders it lies.
        let depth: Int
        /// Of a folder: whether all that is in it is wanted, as far as no rule excludes it.
        let isWhole: Bool
    }

    init(
        path: String, name: RelativePath, follows: Bool, preserves: Bool,
        filter: PathFilter = PathFilter(), repeats: LinkRepeats = LinkRepeats()
    ) throws(StorageError) {
        precondition(name.isSingleName, "a source is a single name where it arrives")
        let root = try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let identity = try SourceIdentity(of: root, path: path)
        self.root = root
        listing = TreeListing(name: name, path: path, identity: identity)
        self.path = path
        self.name = name
        self.follows = follows
        self.preserves = preserves
        self.filter = filter
        self.repeats = repeats
    }

    consuming func list() throws(StorageError) -> TreeListing {
        let status = try root.status(path: path)
        let body: TreeEntry.Body
        switch status.st_mode & S_IFMT {
        case S_IFDIR: body = .folder
        case S_IFREG:
            let length = Int64(status.st_size)
            let extents =
                Self.hasHoles(status)
                ? try root.extents(of: length, path: path) : Extent.whole(length)
            body = .file(length: length, extents: extents)
        default: throw .notAFile(path: path)
        }
        let preserved = preserves ? Preserved(status, try root.attributes(path: path)) : nil
        found.append(
            try Self.found(
                name, body, status, preserved, depth: 0, isWhole: filter.names.isEmpty, path: path))
        while let next = found.popLast() { try take(next) }
        listing.leftOut.sort(by: RelativePath.inTreeOrder)
        listing.unreadable.sort(by: RelativePath.inTreeOrder)
        listing.excluded.sort(by: RelativePath.inTreeOrder)
        return listing
    }

    private mutating func take(_ next: Found) throws(StorageError) {
        let entry = next.entry
        if next.hasOtherNames, case .file = entry.body {
            if let first = firstNames[next.identity] {
                listing.entries.append(
                    TreeEntry(
                        path: entry.path, body: .sameFile(as: first), mode: entry.mode,
                        modified: entry.modified))
                return
            }
            firstNames[next.identity] = entry.path
        }
        listing.entries.append(entry)
        if entry.body == .folder { try enter(next) }
    }

    private mutating func enter(_ folder: Found) throws(StorageError) {
        let full = fullPath(folder.entry.path)
        ancestors.removeLast(ancestors.count - folder.depth)
        guard !ancestors.contains(folder.identity) else { throw .endless(path: full) }
        ancestors.append(folder.identity)
        let open = try open(folder.entry.path, path: full)
        let names = try open.names(path: full)
        if follows {
            try repeats.enter(
                folder.identity, holding: names.count, depth: folder.depth, path: full)
        }
        for name in names.reversed() {
            if let child = try look(at: name, in: folder, open, path: full) { found.append(child) }
        }
    }

    private borrowing func open(
        _ folder: RelativePath, path full: String
    ) throws(StorageError) -> OpenFile {
        guard let below = folder.belowTop else {
            return try OpenFile(
                following: Array(".".utf8), in: root, path: full, flags: O_DIRECTORY)
        }
        if follows {
            return try OpenFile(
                following: below.utf8, in: root, path: full, flags: O_DIRECTORY)
        }
        return try OpenFile(beneath: root, below, path: full, flags: O_DIRECTORY)
    }

    /// Nil for what is left out.
    private mutating func look(
        at name: [UInt8], in folder: Found, _ open: borrowing OpenFile, path folderPath: String
    ) throws(StorageError) -> Found? {
        let path = try Self.path(of: name, in: folder.entry.path, at: folderPath)
        let below = path.utf8[(self.name.utf8.count + 1)...]
        let choice = folder.isWhole ? .all : filter.choice(of: below)
        guard choice != .none else { return nil }
        let verdict = Verdict(filter, below)
        guard verdict != .excluded else {
            listing.excluded.append(path)
            return nil
        }
        let full = "\(folderPath)/\(RelativePath.text(of: name[...]))"
        let status = try open.status(of: name, follows: follows, path: full)
        let body: TreeEntry.Body
        let kind = status.st_mode & S_IFMT
        guard verdict.takes(isFolder: kind == S_IFDIR) else {
            listing.excluded.append(path)
            return nil
        }
        guard choice == .all || kind == S_IFDIR else { return nil }
        guard kind != S_IFDIR && kind != S_IFREG || open.mayRead(name, isFolder: kind == S_IFDIR)
        else {
            listing.unreadable.append(path)
            return nil
        }
        switch kind {
        case S_IFDIR: body = .folder
        case S_IFREG: body = try file(name, status, in: open, path: full)
        case S_IFLNK:
            body = .link(target: try open.target(of: name, path: full))
        default:
            listing.leftOut.append(path)
            return nil
        }
        let preserved =
            preserves ? try preserved(of: name, body, status, in: open, path: full) : nil
        return try Self.found(
            path, body, status, preserved, depth: folder.depth + 1, isWhole: choice == .all,
            path: full)
    }

    /// What the rules say of a path before its kind is known: an entry that is excluded whatever it
    /// is is not looked at.
    private enum Verdict {
        case wanted, excluded, onlyAsFolder, onlyAsOther

        init(_ filter: PathFilter, _ path: ArraySlice<UInt8>) {
            guard !filter.rules.isEmpty else {
                self = .wanted
                return
            }
            let asFolder = filter.excludes(path, isFolder: true)
            let asOther = filter.excludes(path, isFolder: false)
            switch (asFolder, asOther) {
            case (false, false): self = .wanted
            case (true, true): self = .excluded
            case (false, true): self = .onlyAsFolder
            case (true, false): self = .onlyAsOther
            }
        }

        func takes(isFolder: Bool) -> Bool {
            switch self {
            case .wanted: true
            case .excluded: false
            case .onlyAsFolder: isFolder
            case .onlyAsOther: !isFolder
            }
        }
    }

    /// A link has an owner and no attributes that are kept.
    private borrowing func preserved(
        of name: [UInt8], _ body: TreeEntry.Body, _ status: stat, in folder: borrowing OpenFile,
        path: String
    ) throws(StorageError) -> Preserved {
        if case .link = body { return Preserved(status, []) }
        let file = try open(name, in: folder, path: path)
        return Preserved(status, try file.attributes(path: path))
    }

    private borrowing func open(
        _ name: [UInt8], in folder: borrowing OpenFile, path: String
    ) throws(StorageError) -> OpenFile {
        try OpenFile(
            following: name, in: folder, path: path,
            flags: follows ? 0 : O_NOFOLLOW)
    }

    private borrowing func file(
        _ name: [UInt8], _ status: stat, in folder: borrowing OpenFile, path: String
    ) throws(StorageError) -> TreeEntry.Body {
        let length = Int64(status.st_size)
        guard Self.hasHoles(status) else {
            return .file(length: length, extents: Extent.whole(length))
        }
        let file = try open(name, in: folder, path: path)
        return .file(length: length, extents: try file.extents(of: length, path: path))
    }

    /// To look for holes costs two calls, and nearly no file has any.
    private static func hasHoles(_ status: stat) -> Bool {
        Int64(status.st_blocks) * 512 < Int64(status.st_size)
    }

    private static func found(
        _ path: RelativePath, _ body: TreeEntry.Body, _ status: stat, _ preserved: Preserved?,
        depth: Int, isWhole: Bool, path full: String
    ) throws(StorageError) -> Found {
        var mode = UInt16(status.st_mode & 0o7777)
        // A set-id program must not run under the name of the owner of the copy.
        if case .file = body, preserved == nil { mode &= ~0o6000 }
        return Found(
            entry: TreeEntry(
                path: path, body: body, mode: mode, modified: try FileTime(status, path: full),
                preserved: preserved),
            identity: FileIdentity(status), hasOtherNames: status.st_nlink > 1, depth: depth,
            isWhole: isWhole)
    }

    private static func path(
        of name: [UInt8], in folder: RelativePath, at full: String
    ) throws(StorageError) -> RelativePath {
        do throws(PathError) {
            return try RelativePath(bytes: folder.utf8 + [UInt8(ascii: "/")] + name)
        } catch {
            throw .badName(RelativePath.text(of: name[...]), in: full, error)
        }
    }

    /// Its real path, for errors.
    private borrowing func fullPath(_ entry: RelativePath) -> String {
        entry.belowTop.map { "\(path)/\($0)" } ?? path
    }
}
