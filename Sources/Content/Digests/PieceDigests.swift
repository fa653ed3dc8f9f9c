/// The digests of pieces that were read, and which were not read in full.
package struct PieceDigests: Equatable, Sendable {
    /// Zeros for what was not read.
    package private(set) var table: DigestTable
    private(set) var isRead: [Bool] = []

    init(of algorithm: DigestAlgorithm) { table = DigestTable(of: algorithm) }

    mutating func append(_ digest: [UInt8]) {
        table.append(digest)
        isRead.append(true)
    }

    mutating func appendUnread() {
        table.appendZeros()
        isRead.append(false)
    }

    /// Whether that piece was read and has this digest.
    func matches(_ digest: ArraySlice<UInt8>, at position: Int) -> Bool {
        isRead[position] && table[position] == digest
    }
}

/// A file's digests as BitTorrent v2 has them.
package struct FileDigests: Equatable, Sendable {
    /// Nil where not all of it was read.
    package let root: [UInt8]?
    /// One for each piece; the root itself where the file is no longer than a piece.
    package let pieces: PieceDigests
}
