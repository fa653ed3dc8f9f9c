package import Vocabulary

/// The sums of fetched manifests that are contents of their own. They are no payload, and are
/// counted apart from it.
package struct ManifestTotals: Equatable, Sendable {
    package var pieces: UInt64 = 0
    package var size = ByteCount.zero

    package init() {}

    init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        pieces = try tail.readTally(&cursor)
        size = try tail.readSize(&cursor)
    }

    func write(to tail: inout [UInt8]) {
        tail.write(pieces)
        tail.write(size)
    }
}
