import Vocabulary
import Wire

extension Catalog {
    /// The contents that a peer of this group has or wants.
    var entries: [CatalogEntry] {
        swarms.flatMap { row in
            row.members.isEmpty && row.remote.count > 0
                ? [] : row.listedNames.map { CatalogEntry(row, named: $0) }
        }
    }
}

extension CatalogEntry {
    fileprivate init(_ row: SwarmRow, named name: RelativePath) {
        let seeds = row.members.count { $0.isSeed }
        self.init(
            name: name, content: row.content, size: row.size, pieces: row.pieces,
            seeds: UInt32(seeds), peers: UInt32(row.members.count - seeds))
    }
}
