import Glibc
import Vocabulary

/// Files that are offered by themselves. No event reports their changes: they are polled.
extension SharedFolders {
    struct Single {
        let path: String
        /// The file that is offered; nil if it is missing, or cannot be offered.
        var offered: SourceIdentity?
        /// The file at the last look.
        var seen: SourceIdentity?
    }

    /// The interval of the looks.
    private static var lookInterval: Duration { .seconds(1) }

    mutating func lookAtSingles(now: Tick, _ changes: inout [ShareChange]) {
        guard nextLook <= now else { return }
        nextLook = now + Self.lookInterval
        for name in singles.keys.sorted() { look(at: name, &changes) }
    }

    private mutating func look(at name: RelativePath, _ changes: inout [ShareChange]) {
        guard let single = singles[name] else { return }
        do throws(StorageError) {
            let identity = try SourceIdentity(path: single.path)
            singles[name]?.seen = identity
            // A process may be writing to a file that is not the same twice.
            guard identity != single.offered, identity == single.seen else { return }
            try publishSingle(name, single.path, &changes)
            singles[name]?.offered = identity
        } catch {
            singles[name]?.offered = nil
            singles[name]?.seen = nil
            lacks(name, because: error, &changes)
        }
    }

    /// It may come again.
    private mutating func lacks(
        _ name: RelativePath, because error: StorageError, _ changes: inout [ShareChange]
    ) {
        withdraw(name, &changes)
        if case .system(_, _, ENOENT) = error { return book.forget(name.description) }
        refuse(name.description, error, &changes)
    }

    mutating func addSingle(
        _ name: RelativePath, _ path: String, _ identity: SourceIdentity,
        _ changes: inout [ShareChange]
    ) throws(StorageError) {
        let place = try Self.withoutLink(path)
        try publishSingle(name, place, &changes)
        singles[name] = Single(path: place, offered: identity, seen: identity)
    }

    private mutating func publishSingle(
        _ name: RelativePath, _ path: String, _ changes: inout [ShareChange]
    ) throws(StorageError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = try InputFolder(path: String(path[...slash]))
        let last = String(path[path.utf8.index(after: slash)...])
        let place: RelativePath
        do throws(PathError) { place = try RelativePath(last) } catch {
            throw .badName(last, in: path, error)
        }
        let source = try ByteSource(
            name, at: place, in: folder, isNamed: false, whileWanted: isWanted)
        offer(name, source, from: nil, &changes)
    }

    /// The target of a path that may be a link, because the user chose it.
    private static func withoutLink(_ path: String) throws(StorageError) -> String {
        guard let found = unsafe realpath(path, nil) else {
            throw .system(call: "realpath", path: path, errno: errno)
        }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}
