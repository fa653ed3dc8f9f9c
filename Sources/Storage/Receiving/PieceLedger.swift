import Vocabulary

/// The pieces that are here, with their digests where they are known, and the state file.
///
/// Invariant: a piece that is not here has no digest.
struct PieceLedger: ~Copyable {
    private(set) var held: PieceSet
    private var digests: [PieceDigest?]
    /// Pieces that were digested in place, and may be right or wrong.
    private(set) var found: PieceSet
    private var state: PartState

    init(held: PieceSet, state: consuming PartState) {
        self.held = held
        digests = [PieceDigest?](repeating: nil, count: held.capacity)
        found = PieceSet(none: held.capacity)
        self.state = state
    }

    func digest(of piece: PieceIndex) -> PieceDigest? { digests[piece.position] }

    /// Takes a piece that an earlier run noted, without noting it again.
    mutating func recall(_ piece: PieceIndex, digest: PieceDigest) {
        held.insert(piece)
        digests[piece.position] = digest
        found.remove(piece)
    }

    /// Notes the digest of a piece that was read in place.
    mutating func find(_ piece: PieceIndex, digest: PieceDigest) {
        recall(piece, digest: digest)
        found.insert(piece)
    }

    /// `stamp` is the stamp of the files that lie in the piece alone, and `files` are the others.
    mutating func hold(
        _ piece: PieceIndex, digest: PieceDigest, stamp: FileStamp?, files: [Int]
    ) throws(StorageError) {
        recall(piece, digest: digest)
        try state.append(PartRecord(piece: piece, digest: digest, stamp: stamp), files: files)
    }

    mutating func touch(_ files: some Sequence<Int>) { state.touch(files) }

    mutating func drop(_ piece: PieceIndex) throws(StorageError) {
        held.remove(piece)
        digests[piece.position] = nil
        found.remove(piece)
        try state.append(PartRecord(piece: piece, digest: nil))
    }

    mutating func flush() throws(StorageError) { try state.flush() }
}
