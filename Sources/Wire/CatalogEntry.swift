package import Vocabulary

/// One content that exists, as the catalog lists it.
package struct CatalogEntry: TailEntry {
    package let name: RelativePath
    package let content: ContentID
    package let size: ByteCount
    package let pieces: UInt32
    package let seeds: UInt32
    package let peers: UInt32

    package init(
        name: RelativePath, content: ContentID, size: ByteCount, pieces: UInt32, seeds: UInt32,
        peers: UInt32
    ) {
        self.name = name
        self.content = content
        self.size = size
        self.pieces = pieces
        self.seeds = seeds
        self.peers = peers
    }

    package init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        name = try tail.readPath(&cursor)
        content = try tail.readContent(&cursor)
        size = try tail.readSize(&cursor)
        pieces = try tail.read(&cursor)
        guard Int(pieces) <= Geometry.pieceCountMax else { throw .malformed }
        seeds = try tail.read(&cursor)
        peers = try tail.read(&cursor)
    }

    package func write(to tail: inout [UInt8]) {
        tail.write(name)
        tail.write(content)
        tail.write(size)
        tail.write(pieces)
        tail.write(seeds)
        tail.write(peers)
    }
}
