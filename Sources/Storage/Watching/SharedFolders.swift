import Content
import Glibc
package import Vocabulary

/// The folders and files that a rank offers: watched, digested as they come, one file at a time,
/// and withdrawn as they go. A file that has changed goes and comes.
package struct SharedFolders: ~Copyable {
    /// A folder that is watched. Its files are known to others under the prefix.
    final class Root {
        var watch: FolderWatch
        let path: String
        let prefix: String
        private var folder: InputFolder
        private var scanCount = 0
        /// Whether files that are found lay there at first.
        var isFirstLook = true

        init(
            _ path: String, prefix: String, quietSince: Int64, now: Tick
        ) throws(StorageError) {
            watch = try FolderWatch(path, quietSince: quietSince, now: now)
            folder = try InputFolder(path: path)
            self.path = path
            self.prefix = prefix
        }

        /// As it is found now: another folder may have its place.
        func open() throws(StorageError) -> InputFolder {
            guard scanCount != watch.scanCount else { return folder }
            scanCount = watch.scanCount
            if !folder.isInPlace { folder = try InputFolder(path: path) }
            return folder
        }

        func name(of path: RelativePath) throws(PathError) -> RelativePath {
            prefix.isEmpty ? path : try RelativePath("\(prefix)/\(path)")
        }
    }

    struct Found {
        let root: Root
        let path: RelativePath
        /// It lay there at first, and others wait to hear of it.
        var isOfFirstLook: Bool
        /// Whether the file, which takes long to read, was announced to others.
        var isAnnounced = false
        /// Others went before it.
        var isPostponed = false

        var length: Int64 { root.watch.told[path]?.length ?? 0 }
    }

    struct Offer {
        let content: ContentID
        let nested: ContentID?
        /// Nil of a file by itself.
        let found: Found?
    }

    private var roots: [Root] = []
    private let files: FileContents
    private let memory: MemoryContents
    let book: ShareBook
    let isWanted: @Sendable () -> Bool
    private let wallClock: @Sendable () -> Int64
    var offers: [RelativePath: Offer] = [:]
    /// The files that a user no longer wants to offer.
    var muted: Set<RelativePath> = []
    var found: [Found] = []
    var taken = 0
    /// The number of initial files in a folder that have not been read.
    var firstLookLeft = 0
    var singles: [RelativePath: Single] = [:]
    var nextLook = Tick.zero

    /// `wallClock` gives nanoseconds since 1970, for a comparison with the dates of files.
    /// Digesting ends when `isWanted` turns false.
    package init(
        _ root: String, files: FileContents, memory: MemoryContents, book: ShareBook, now: Tick,
        wallClock: @escaping @Sendable () -> Int64 = { .max },
        whileWanted isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws(StorageError) {
        self.files = files
        self.memory = memory
        self.book = book
        self.isWanted = isWanted
        self.wallClock = wallClock
        roots = [
            try Root(root, prefix: "", quietSince: Self.quietSince(wallClock()), now: now)
        ]
    }

    /// A file that was written to since then may still be written to.
    private static func quietSince(_ wall: Int64) -> Int64 {
        wall == .max ? wall : wall - 1_000_000_000
    }

    /// The changes since the last call; it also digests a part of the waiting files.
    package mutating func step(now: Tick) throws(StorageError) -> [ShareChange] {
        var changes: [ShareChange] = []
        for root in roots {
            for news in try root.watch.step(now: now) { take(news, of: root, &changes) }
            if now >= root.watch.lookEnd { root.isFirstLook = false }
        }
        lookAtSingles(now: now, &changes)
        book.noteWaiting(found.count - taken)
        digest(now: now, &changes)
        book.noteWaiting(found.count - taken)
        return changes
    }

    /// Whether all initial files of the folders have been reported, as far as they can be.
    package var hasLooked: Bool { firstLookLeft == 0 && !roots.contains(where: \.isFirstLook) }

    /// When there is something to do though nothing happens.
    package var alarm: Tick {
        var next = singles.isEmpty ? .never : nextLook
        for root in roots {
            next = min(next, root.watch.alarm)
            if root.isFirstLook { next = min(next, root.watch.lookEnd) }
        }
        return next
    }

    /// Ready when something has happened in a folder.
    package var watches: [SocketWatch] {
        roots.map { SocketWatch(descriptor: $0.watch.queue.descriptor) }
    }

    /// Whether there is more to be digested.
    package var isBusy: Bool { taken < found.count }

    private mutating func take(
        _ news: FolderNews, of root: Root, _ changes: inout [ShareChange]
    ) {
        switch news {
        case .found(let path):
            found.append(Found(root: root, path: path, isOfFirstLook: root.isFirstLook))
            if root.isFirstLook { firstLookLeft += 1 }
        case .gone(let path):
            do throws(PathError) {
                let name = try root.name(of: path)
                book.forget(name.description)
                // Another folder may offer a file of that name.
                if offers[name]?.found?.root === root { withdraw(name, &changes) }
            } catch { return }
        case .unfit(let name, let folder, let flaw, let isThere):
            // Not a file's own name, which would be one that can be offered.
            let key = "\(folder)/\(name)"
            guard isThere else { return book.forget(key) }
            refuse(key, .badName(name, in: folder, flaw), &changes)
        case .closed(let folder, let error):
            refuse(Self.key(of: folder, in: root), error, &changes)
        case .opened(let folder): book.forget(Self.key(of: folder, in: root))
        }
    }

    private static func key(of folder: String, in root: Root) -> String {
        root.prefix.isEmpty ? folder : "\(root.prefix)/\(folder)"
    }

    /// Each reason is reported once.
    func refuse(
        _ name: String, _ error: StorageError, _ changes: inout [ShareChange]
    ) {
        if book.refuse(name, error) { changes.append(.refused(name, error)) }
    }

    mutating func offer(
        _ name: RelativePath, _ source: ByteSource, from found: Found?,
        _ changes: inout [ShareChange]
    ) {
        let publication = source.publication
        // The same bytes with another date are the same content.
        let isNew = offers[name]?.content != publication.content
        if isNew { withdraw(name, &changes) }
        files.add(source)
        if let nested = publication.nested {
            memory.put(
                publication.encoded, as: nested.content, geometry: nested.manifest.geometry)
        }
        offers[name] = Offer(
            content: publication.content, nested: publication.nested?.content, found: found)
        book.note(name, at: source.path)
        changes.append(isNew ? .came(publication) : .renewed(publication))
    }

    mutating func withdraw(_ name: RelativePath, _ changes: inout [ShareChange]) {
        guard let offer = offers.removeValue(forKey: name) else { return }
        files.withdraw(offer.content, named: name)
        if let nested = offer.nested, !offers.values.contains(where: { $0.nested == nested }) {
            memory.remove(nested)
        }
        book.note(name, at: nil)
        changes.append(.went(name, offer.content, nested: offer.nested))
    }

    /// Offers a file, or a folder with all that comes into it, under its last name. The path is
    /// absolute.
    package mutating func add(
        _ path: String, now: Tick
    ) throws(StorageError) -> [ShareChange] {
        var changes: [ShareChange] = []
        var trimmed = path
        while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") {
            trimmed.removeLast()
        }
        let last = trimmed.split(separator: "/").last.map(String.init) ?? ""
        let name: RelativePath
        do throws(PathError) { name = try RelativePath(last) } catch {
            throw .badName(last, in: path, error)
        }
        muted = muted.filter { $0 != name && !$0.utf8.starts(with: name.utf8 + [0x2F]) }
        let identity = try SourceIdentity(path: trimmed)
        if identity.isFolder {
            let since = Self.quietSince(wallClock())
            replace(
                with: try Root(trimmed, prefix: last, quietSince: since, now: now), &changes)
        } else {
            try addSingle(name, trimmed, identity, &changes)
        }
        return changes
    }

    /// Of the folder that had the name before, what is not in this one is offered no more.
    private mutating func replace(with root: Root, _ changes: inout [ShareChange]) {
        if let former = roots.first(where: { $0.prefix == root.prefix }) {
            let gone = offers.filter { _, offer in
                guard let found = offer.found, found.root === former else { return false }
                return former.path != root.path || root.watch.signature(of: found.path) == nil
            }
            for name in gone.keys.sorted() { withdraw(name, &changes) }
            roots.removeAll { $0 === former }
            for next in found[taken...] where next.root === former && next.isAnnounced {
                if let name = name(of: next) { changes.append(.notRead(name)) }
            }
            found = found[taken...].filter { $0.root !== former }
            firstLookLeft = found.count(where: \.isOfFirstLook)
            taken = 0
        }
        roots.append(root)
    }

    /// A piece of it could not be read: it may have changed without an event from the kernel.
    package mutating func recheck(_ content: ContentID, now: Tick) {
        for (name, offer) in offers where offer.content == content {
            if let found = offer.found {
                found.root.watch.retry(found.path, now: now)
            } else {
                singles[name]?.offered = nil
            }
        }
    }

    /// Offers a file no more, whatever becomes of it. Nil where it is not offered.
    package mutating func remove(_ name: RelativePath) -> [ShareChange]? {
        guard offers[name] != nil || singles[name] != nil else { return nil }
        var changes: [ShareChange] = []
        singles[name] = nil
        muted.insert(name)
        withdraw(name, &changes)
        return changes
    }
}
