import Vocabulary
import Wire

/// What the other groups have, as they said it last.
struct ForeignCatalog: Sendable {
    private var entries: [CatalogEntry] = []
    /// What comes in while a query is on its way.
    private var incoming: [CatalogEntry] = []

    mutating func begin() { incoming = [] }

    /// Entries beyond the limit are not remembered.
    mutating func learned(_ page: [CatalogEntry], atMost most: Int) {
        incoming += page.prefix(max(0, most - incoming.count))
    }

    mutating func end() { entries = incoming }

    /// One's own entries first; members of the same content of one name are added up.
    func merged(with own: [CatalogEntry]) -> [CatalogEntry] {
        guard !entries.isEmpty else { return own }
        var merged: [CatalogEntry] = []
        struct Key: Hashable {
            let name: RelativePath
            let content: ContentID
        }
        var places: [Key: Int] = [:]
        for entry in own + entries {
            // What is still being read has no content to know it by.
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
