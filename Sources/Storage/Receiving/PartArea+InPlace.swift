import Vocabulary

/// What lay in its final place before the job.
extension PartArea {
    /// The pieces of which no job has noted that their bytes were right: they are believed because
    /// of the size and date of their files, or were digested where they lie.
    var inPlace: PieceSet {
        var inPlace = held
        for position in 0..<inPlace.capacity where digest(of: PieceIndex(position)) != nil {
            inPlace.remove(PieceIndex(position))
        }
        inPlace.formUnion(found)
        return inPlace
    }

    /// Counts pieces in place as missing. Those that come are compared with what lies there.
    func doubt(_ choose: (_ inPlace: PieceSet) -> PieceSet) throws(PartError) {
        let doubted = choose(inPlace)
        guard !doubted.isEmpty else { return }
        let pieces = (0..<doubted.capacity).map { PieceIndex($0) }.filter(doubted.contains)
        do throws(StorageError) { try self.pieces.drop(pieces) } catch { throw .storage(error) }
    }
}
