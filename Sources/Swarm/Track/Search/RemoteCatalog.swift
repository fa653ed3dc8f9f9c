import Vocabulary
import Wire

/// The catalogs of the other groups, as their trackers last reported them.
struct RemoteCatalog: Sendable {
    private var entries: [CatalogEntry] = []
    /// The entries that arrive while a query is under way.
    private var incoming: [CatalogEntry] = []

    mutating func begin() { incoming = [] }

    /// Entries beyond the limit are not remembered.
    mutating func learned(_ page: [CatalogEntry], atMost most: Int) {
        incoming += page.prefix(max(0, most - incoming.count))
    }

    mutating func end() { entries = incoming }

    /// The entries of this group come first. Entries of one content under one name become one, with
    /// the sums of their seeds and peers.
    func merged(with own: [CatalogEntry]) -> [CatalogEntry] {
        guard !entries.isEmpty else { return own }
        var merged: [CatalogEntry] = []
        struct Key: Hashable {
            let name: RelativePath
            let content: ContentID
        }
        var places: [Key: Int] = [:]
        for entry in own + entries {
            // A file that is still being digested has no content to compare.
            guard entry.content != .none else {
                merged.append(entry)
                continue
            }
            let key = Key(name: entry.name, content: entry.content)
            guard let place = places[key] else {
                places[key] = merged.count
                merged.append(entry)
                continue
            }
            let known = merged[place]
            merged[place] = CatalogEntry(
                name: known.name, content: known.content, size: known.size, pieces: known.pieces,
                seeds: known.seeds &+ entry.seeds, peers: known.peers &+ entry.peers)
        }
        return merged
    }
}
