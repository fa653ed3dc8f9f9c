import Content
import Glibc
package import Vocabulary

/// The folders and files that a rank offers: watched, digested as they come, one file at a time,
/// and withdrawn as they go. A file that has changed goes and comes.
package struct SharedFolders: ~Copyable {
    /// A folder that is watched. Its files are known to others under the prefix.
    private final class Root {
        var watch: FolderWatch
        let folder: InputFolder
        let prefix: String

        init(_ path: String, prefix: String, now: Tick) throws(StorageError) {
            watch = try FolderWatch(path, now: now)
            folder = try InputFolder(path: path)
            self.prefix = prefix
        }

        func name(of path: RelativePath) throws(PathFlaw) -> RelativePath {
            prefix.isEmpty ? path : try RelativePath("\(prefix)/\(path)")
        }
    }

    private struct Offer {
        let content: ContentID
        let nested: ContentID?
    }

    private struct Found {
        let root: Root
        let path: RelativePath
    }

    private var roots: [Root] = []
    private let files: FileShelf
    private let shelf: MemoryShelf
    private let book: ShareBook
    private var offers: [RelativePath: Offer] = [:]
    /// What a user does not want to offer any more.
    private var muted: Set<RelativePath> = []
    private var found: [Found] = []
    private var taken = 0
    private var singles: [RelativePath: (path: String, identity: SourceIdentity)] = [:]
    private var nextLook = Tick.zero

    /// How often files that were offered by themselves are looked at.
    private static let lookInterval = Duration.seconds(1)
    /// Digested in one step, so that others hear of the first ones soon.
    private static let filesPerStepMax = 64
    private static let bytesPerStepMax: Int64 = 64 << 20

    package init(
        _ root: String, files: FileShelf, shelf: MemoryShelf, book: ShareBook, now: Tick
    ) throws(StorageError) {
        let first = try Root(root, prefix: "", now: now)
        self.files = files
        self.shelf = shelf
        self.book = book
        roots = [first]
    }

    /// What has changed since, and a part of what is to be digested.
    package mutating func step(now: Tick) throws(StorageError) -> [ShareChange] {
        var changes: [ShareChange] = []
        for root in roots {
            for news in try root.watch.step(now: now) { take(news, of: root, &changes) }
        }
        lookAtSingles(now: now, &changes)
        digest(now: now, &changes)
        book.noteWaiting(found.count - taken)
        return changes
    }

    /// Whether there is more to be digested.
    package var isBusy: Bool { taken < found.count }

    private mutating func take(
        _ news: FolderNews, of root: Root, _ changes: inout [ShareChange]
    ) {
        switch news {
        case .found(let path): found.append(Found(root: root, path: path))
        case .gone(let path):
            do throws(PathFlaw) {
                let name = try root.name(of: path)
                withdraw(name, &changes)
                book.forget(name.description)
            } catch { return }
        case .unfit(let name, let folder, let flaw, let isThere):
            // Not a file's own name, which would be one that can be offered.
            let key = "\(folder)/\(name)"
            guard isThere else { return book.forget(key) }
            refuse(key, .badName(name, in: folder, flaw), &changes)
        case .closed(let folder, let error):
            refuse(root.prefix.isEmpty ? folder : "\(root.prefix)/\(folder)", error, &changes)
        }
    }

    /// Each reason is told once.
    private func refuse(
        _ name: String, _ error: StorageError, _ changes: inout [ShareChange]
    ) {
        if book.refuse(name, error) { changes.append(.refused(name, error)) }
    }

    private mutating func digest(now: Tick, _ changes: inout [ShareChange]) {
        var bytes: Int64 = 0
        var count = 0
        while taken < found.count, count < Self.filesPerStepMax, bytes < Self.bytesPerStepMax {
            let next = found[taken]
            taken += 1
            count += 1
            do throws(PathFlaw) {
                let name = try next.root.name(of: next.path)
                guard !muted.contains(name) else { continue }
                bytes += publish(name, next, now: now, &changes)
            } catch {
                continue
            }
        }
        if taken == found.count {
            found = []
            taken = 0
        }
    }

    private mutating func publish(
        _ name: RelativePath, _ next: Found, now: Tick, _ changes: inout [ShareChange]
    ) -> Int64 {
        do throws(StorageError) {
            let source = try ByteSource(name, at: next.path, in: next.root.folder)
            offer(name, source, &changes)
            return source.publication.geometry.total.raw
        } catch .system(_, _, ENOENT) {
            // The watch will say so.
        } catch {
            // It may have been offered as it was before.
            withdraw(name, &changes)
            refuse(name.description, error, &changes)
            if case .changed = error { next.root.watch.retry(next.path, now: now) }
        }
        return 0
    }

    private mutating func offer(
        _ name: RelativePath, _ source: ByteSource, _ changes: inout [ShareChange]
    ) {
        let publication = source.publication
        // The same bytes with another date are the same content.
        let isNew = offers[name]?.content != publication.content
        if isNew { withdraw(name, &changes) }
        files.add(source)
        if let nested = publication.nested {
            shelf.put(
                publication.encoded, as: nested.content, geometry: nested.manifest.geometry)
        }
        offers[name] = Offer(
            content: publication.content, nested: publication.nested?.content)
        book.note(name, at: source.path)
        if isNew { changes.append(.came(publication)) }
    }

    private mutating func withdraw(_ name: RelativePath, _ changes: inout [ShareChange]) {
        guard let offer = offers.removeValue(forKey: name) else { return }
        files.withdraw(offer.content)
        if let nested = offer.nested { shelf.remove(nested) }
        book.note(name, at: nil)
        changes.append(.went(name, offer.content, nested: offer.nested))
    }

    private mutating func lookAtSingles(now: Tick, _ changes: inout [ShareChange]) {
        guard nextLook <= now else { return }
        nextLook = now + Self.lookInterval
        for name in singles.keys.sorted() {
            guard let single = singles[name] else { continue }
            do throws(StorageError) {
                let identity = try SourceIdentity(path: single.path)
                guard identity != single.identity else { continue }
                singles[name] = (single.path, identity)
                try publishSingle(name, single.path, &changes)
            } catch {
                singles[name] = nil
                withdraw(name, &changes)
            }
        }
    }

    private mutating func publishSingle(
        _ name: RelativePath, _ path: String, _ changes: inout [ShareChange]
    ) throws(StorageError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = try InputFolder(path: String(path[...slash]))
        let last = String(path[path.utf8.index(after: slash)...])
        let place: RelativePath
        do throws(PathFlaw) { place = try RelativePath(last) } catch {
            throw .badName(last, in: path, error)
        }
        offer(name, try ByteSource(name, at: place, in: folder), &changes)
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
        do throws(PathFlaw) { name = try RelativePath(last) } catch {
            throw .badName(last, in: path, error)
        }
        muted = muted.filter { $0 != name && !$0.utf8.starts(with: name.utf8 + [0x2F]) }
        let identity = try SourceIdentity(path: trimmed)
        if identity.isFolder {
            roots.removeAll { $0.prefix == last }
            roots.append(try Root(trimmed, prefix: last, now: now))
        } else {
            try publishSingle(name, trimmed, &changes)
            singles[name] = (trimmed, identity)
        }
        return changes
    }

    /// Offers a file no more, whatever becomes of it. Nil where it is not offered.
    package mutating func remove(_ name: RelativePath) -> [ShareChange]? {
        guard offers[name] != nil else { return nil }
        var changes: [ShareChange] = []
        singles[name] = nil
        muted.insert(name)
        withdraw(name, &changes)
        return changes
    }
}
