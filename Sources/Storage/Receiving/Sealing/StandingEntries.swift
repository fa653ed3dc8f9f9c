import Content
import Glibc
import Synchronization

/// The entries that must be at the requested path at the end: top entries, and folders that existed
/// before anything was written. Another process may rename a folder while it is being written to.
final class StandingEntries: Sendable {
    private let places: TreePlaces
    private let identities: Mutex<[Int: FileIdentity]>

    /// `states` are the states before anything was written.
    init(_ places: TreePlaces, _ states: [EntryState]) throws(StorageError) {
        self.places = places
        var standing: [Int: FileIdentity] = [:]
        var cursor = FolderCursor(.final)
        for (entry, state) in states.enumerated() where !state.grows {
            let isTop = places.layout.parent(of: entry) == nil
            guard isTop || places.layout.entries[entry].body == .folder else { continue }
            let found = try places.status(of: entry, on: .final, &cursor)
            standing[entry] = found.map { FileIdentity($0) }
        }
        identities = Mutex(standing)
    }

    var all: [Int: FileIdentity] { identities.withLock { $0 } }

    /// Notes the identity that must stay. It is nil for an entry of another process or content,
    /// which need not stay.
    func expect(_ identity: FileIdentity?, of entry: Int) {
        identities.withLock { $0[entry] = identity }
    }

    /// Checks that the destination itself is still in place.
    func demandBase() throws(StorageError) {
        let folder = try FileIdentity(places.folder.base.status(path: places.folder.basePath))
        guard FileIdentity(path: places.folder.basePath) == folder else {
            throw .displaced(path: places.folder.basePath)
        }
    }

    /// Checks the destination and its top entries after all names were given: the rest moves with
    /// these.
    func demandTops() throws(StorageError) {
        let standing = all
        try demand(places.layout.tops.compactMap { top in standing[top].map { (top, $0) } })
    }

    /// Checks the destination and, in it, the folders that existed and the entries that have their
    /// names.
    func demand(inPlaceBy entries: EntryTable) throws(StorageError) {
        try demand(all.sorted { $0.key < $1.key }.filter { !entries.grows($0.key) })
    }

    private func demand(_ expected: [(Int, FileIdentity)]) throws(StorageError) {
        try demandBase()
        var cursor = FolderCursor(.final)
        for (entry, identity) in expected {
            let found = try places.status(of: entry, on: .final, &cursor)
            guard found.map({ FileIdentity($0) }) == identity else {
                throw .displaced(path: places.path(of: entry, on: .final))
            }
        }
    }
}
