import Content
import Glibc
import Vocabulary

/// Parts of a tree that came before it was listed.
extension PartPreparation {
    /// A part grows beside what is in place: the tree decides what it needs of it.
    mutating func preparePart(_ places: TreePlaces) throws(PartError) -> PieceLedger {
        states = layout.entries.map { _ in EntryState(place: .absent) }
        let ledger = try ledger(places)
        room = try room(places)
        return ledger
    }

    mutating func take(_ found: EarlyTree.Findings) {
        for folder in found.folders where states[folder].grows { states[folder].isMade = true }
        for file in found.files where states[file.entry].grows {
            take(file.entry, file.stamp)
            states[file.entry].isProven = file.isProven
            allocated += PartRoom.needed(by: [layout.entries[file.entry]])
        }
    }

    mutating func take(_ entry: Int, _ stamp: FileStamp) {
        states[entry].isMade = true
        // Owners and attributes are set at the end.
        states[entry].isDated = !options.preserves
        stamps.trust(entry, as: stamp)
        grown.insert(entry)
    }

    /// The pieces of these files of which no note exists. They are read before they count as here,
    /// and compared with the publisher's: the tree may have another file of the same name, length
    /// and date, and a file of an earlier run proves nothing.
    var taken: [PieceIndex] {
        guard !grown.isEmpty else { return [] }
        let noted = unproven
        return (0..<pieceCount).lazy.map { PieceIndex($0) }.filter { piece in
            guard noted[piece.position] == nil else { return false }
            let parts = layout.manifest.stretches(of: piece).filter {
                !layout.data(in: $0).isEmpty
            }
            return parts.contains { grown.contains($0.entry) }
                && parts.allSatisfy {
                    states[$0.entry].place == .right
                        || grown.contains($0.entry) && states[$0.entry].isMade
                }
        }
    }

    mutating func forgetMade() {
        for entry in states.indices where states[entry].grows {
            states[entry].isMade = false
            states[entry].isDated = false
            states[entry].isProven = false
        }
        grown = []
        allocated = 0
    }

    /// Other parts have entries in the same folders.
    mutating func measurePart(_ places: TreePlaces) throws(StorageError) {
        var cursor = FolderCursor(.growing)
        for entry in layout.entries.indices {
            guard let found = try places.status(of: entry, on: .growing, &cursor),
                !recognise(entry, found, places)
            else { continue }
            try places.removeGrowing(entry)
        }
    }
}

extension TreeEntry {
    /// Whether a file of the part area may be complete: it gets its rights and its date last.
    func mayLookComplete(as status: stat) -> Bool { isReadable && isDressed(as: status) }

    /// Whether its owner may read it.
    var isReadable: Bool { mode & 0o400 != 0 }
}
