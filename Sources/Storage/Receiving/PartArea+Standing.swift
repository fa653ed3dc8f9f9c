import Content
import Glibc
import Synchronization

/// Checks whether the finished entries are still at the requested path: another process may rename
/// a folder while it is being written to.
extension PartArea {
    /// The entries that exist before anything is written, and must exist at the end.
    static func standing(
        _ places: borrowing TreePlaces, _ states: [EntryState]
    ) throws(StorageError) -> [Int: FileIdentity] {
        var standing: [Int: FileIdentity] = [:]
        var cursor = FolderCursor(.final)
        for (entry, state) in states.enumerated() where !state.grows {
            let isTop = places.layout.parent(of: entry) == nil
            guard isTop || places.layout.entries[entry].body == .folder else { continue }
            let found = try places.status(of: entry, on: .final, &cursor)
            standing[entry] = found.map { FileIdentity($0) }
        }
        return standing
    }

    /// The destination itself.
    func demandBase() throws(StorageError) {
        let folder = try FileIdentity(places.folder.base.status(path: places.folder.basePath))
        guard FileIdentity(path: places.folder.basePath) == folder else {
            throw .displaced(path: places.folder.basePath)
        }
    }

    /// The destination and what lies in it at the top, after `finish`: the rest moves with them.
    package func demandTops() throws(StorageError) {
        try demandBase()
        var cursor = FolderCursor(.final)
        let standing = standing.withLock { $0 }
        for top in layout.tops {
            guard let identity = standing[top] else { continue }
            let found = try places.status(of: top, on: .final, &cursor)
            guard found.map({ FileIdentity($0) }) == identity else {
                throw .displaced(path: places.path(of: top, on: .final))
            }
        }
    }

    /// The destination, and in it what was there and what has got its name.
    func demandPlaces() throws(StorageError) {
        try demandBase()
        var cursor = FolderCursor(.final)
        for (entry, identity) in standing.withLock({ $0 }).sorted(by: { $0.key < $1.key })
        where states.withLock({ !$0[entry].grows }) {
            let found = try places.status(of: entry, on: .final, &cursor)
            guard found.map({ FileIdentity($0) }) == identity else {
                throw .displaced(path: places.path(of: entry, on: .final))
            }
        }
    }
}
