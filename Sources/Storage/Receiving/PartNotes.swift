import Vocabulary

/// The entries of the state file of an earlier job about pieces and files.
struct PartNotes {
    /// The digests of the pieces that are noted as being here.
    private(set) var digests: [PieceDigest?]
    /// Pieces that were noted since the machine started, so that no power failure can have lost
    /// their bytes.
    private var sure: PieceSet
    /// The stamp of the files that lie in one piece alone, for each piece.
    private var wholes: [FileStamp?]
    /// The stamps of the other files, if they were noted since the machine started.
    private var files: [Int: FileStamp] = [:]
    private let boot: PartRecord
    /// Whether the last lines were written since the machine started.
    private(set) var isSinceBoot = false

    init(pieceCount: Int, boot: PartRecord) {
        digests = [PieceDigest?](repeating: nil, count: pieceCount)
        wholes = [FileStamp?](repeating: nil, count: pieceCount)
        sure = PieceSet(none: pieceCount)
        self.boot = boot
    }

    mutating func take(_ record: PartRecord) {
        if record.isOfBoot {
            isSinceBoot = record == boot
            files = [:]
        } else if record.isFile {
            files[Int(record.number)] = isSinceBoot ? record.stamp : nil
        } else if let piece = PieceIndex(record.number, below: digests.count) {
            digests[piece.position] = record.digest
            wholes[piece.position] = record.stamp
            if isSinceBoot { sure.insert(piece) } else { sure.remove(piece) }
        }
    }

    mutating func forget(_ piece: PieceIndex) { digests[piece.position] = nil }

    /// Whether a file that lies in more than one piece is still as it was noted.
    func believes(file entry: Int, _ table: StampTable) -> Bool {
        guard let stamp = table.stamp(of: entry) else { return false }
        return files[entry] == stamp
    }

    /// Whether a piece need not be read: no file of it was touched since it was noted.
    func believes(_ piece: PieceIndex, _ parts: PieceFiles, _ table: StampTable) -> Bool {
        guard digests[piece.position] != nil, sure.contains(piece),
            let stamp = parts.stamp(in: table), wholes[piece.position] == stamp
        else { return false }
        return parts.shared.allSatisfy { believes(file: $0, table) }
    }
}
