import Content
import Testing
import Vocabulary

/// Where the bytes of a tree lie, beside a reference that looks at each byte.
@Suite struct TreeLayoutTests {
    struct Place: Equatable {
        let entry: Int
        let offset: Int64
    }

    /// For each byte of the address space the entry that it belongs to, and where in it.
    static func places(_ entries: [TreeEntry]) -> [Place] {
        entries.enumerated().flatMap { index, entry in
            (0..<entry.length).map { Place(entry: index, offset: $0) }
        }
    }

    @Test(arguments: 0..<60)
    func stretchesAreTheBytesOfAPiece(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let entries = try TreeSamples.random(&chance)
        let pieceLength = 1 + chance.below(200)
        let manifest = try TreeSamples.manifest(entries, pieceLength: Int64(pieceLength))
        let places = Self.places(entries)
        #expect(manifest.geometry.total == ByteCount(Int64(places.count)))
        var piecesByEntry = [Set<Int>](repeating: [], count: entries.count)
        for piece in 0..<manifest.geometry.pieceCount {
            let expected = places.dropFirst(piece * pieceLength).prefix(pieceLength)
            var found: [Place] = []
            for stretch in manifest.stretches(of: PieceIndex(piece)) {
                #expect(stretch.start == found.count && stretch.count > 0)
                found += (0..<stretch.count).map {
                    Place(entry: stretch.entry, offset: stretch.offset + Int64($0))
                }
            }
            #expect(found == Array(expected))
            for place in expected { piecesByEntry[place.entry].insert(piece) }
        }
        for (index, pieces) in piecesByEntry.enumerated() {
            #expect(Set(manifest.pieces(of: index)) == pieces)
            #expect(manifest.pieces(of: index).isEmpty == (entries[index].length == 0))
        }
    }

    @Test func stretchesAreAsLongAsTheyCanBe() throws {
        let entries = try [
            TreeSamples.file("a", 0), TreeSamples.file("b", 10), TreeSamples.file("c", 0),
            TreeSamples.file("d", 100), TreeSamples.file("e", 0),
        ]
        let manifest = try TreeSamples.manifest(entries)
        #expect(manifest.stretches(of: PieceIndex(0)).map(\.count) == [10, 54])
        #expect(manifest.stretches(of: PieceIndex(1)).map(\.count) == [46])
        #expect(manifest.pieces(of: 3) == 0..<2)
    }
}
