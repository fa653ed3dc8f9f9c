import CLinux
import Content
import Glibc
import Vocabulary

/// Finds out, before the first piece comes, what lies in place, what a job before brought, and
/// whether there is room for the rest.
struct PartPreparation {
    private let layout: TreeLayout
    private let options: PartOptions
    private let head: [UInt8]
    private(set) var states: [EntryState] = []
    /// What the state file says of pieces that must be read to be believed.
    private(set) var unproven: [PieceDigest?]
    /// Pieces whose bytes no power failure can have taken.
    private var sure: PieceSet
    private(set) var room = PartRoom()
    /// Bytes that growing files have already.
    private var allocated: Int64 = 0

    init(_ layout: TreeLayout, _ options: PartOptions, _ fingerprint: Digest128) {
        self.layout = layout
        self.options = options
        head = PartRecord.head(fingerprint, layout.manifest.geometry)
        unproven = [PieceDigest?](repeating: nil, count: layout.manifest.geometry.pieceCount)
        sure = PieceSet(none: unproven.count)
    }

    mutating func prepare(_ places: borrowing TreePlaces) throws(PartError) -> PieceLedger {
        states = try survey(places)
        let ledger = try ledger(places)
        room = try room(places)
        guard room.needed == 0 || room.needed <= room.available else {
            throw .noRoom(needed: room.needed, available: room.available)
        }
        return ledger
    }

    private mutating func ledger(
        _ places: borrowing TreePlaces
    ) throws(PartError) -> PieceLedger {
        do throws(StorageError) {
            let state = try resume(places)
            return try settle(PieceLedger(held: heldFromStart, state: state))
        } catch {
            throw .storage(error)
        }
    }

    private func survey(_ places: borrowing TreePlaces) throws(PartError) -> [EntryState] {
        var survey: DestinationSurvey
        do throws(StorageError) { survey = try DestinationSurvey(of: places, options) } catch {
            throw .storage(error)
        }
        if let path = survey.firstConflict {
            throw .exists(path: path, more: survey.conflictCount - 1)
        }
        do throws(StorageError) { try survey.linkLone(in: places) } catch {
            throw .storage(error)
        }
        return survey.states
    }

    private mutating func resume(
        _ places: borrowing TreePlaces
    ) throws(StorageError) -> PartState {
        let boot = PartRecord(ofBoot: try PartRecord.boot())
        let pieceLength = layout.manifest.geometry.pieceLength
        var noted = unproven
        var sure = sure
        var isSinceBoot = false
        let state = try PartState.resume(
            in: places.folder, head: head, pieceLength: pieceLength
        ) { record in
            if record.isOfBoot { isSinceBoot = record == boot }
            guard let piece = PieceIndex(record.piece, below: noted.count) else { return }
            noted[piece.position] = record.digest
            if isSinceBoot { sure.insert(piece) } else { sure.remove(piece) }
        }
        guard var state = consume state else {
            try places.folder.clear()
            let lines = head + boot.encoded
            return try PartState.begin(
                in: places.folder, head: lines, pieceLength: pieceLength)
        }
        if !isSinceBoot { try state.append(boot) }
        unproven = noted
        self.sure = sure
        try measure(places)
        return state
    }

    /// Looks for the growing files of a job before. One of another length is none of ours.
    private mutating func measure(_ places: borrowing TreePlaces) throws(StorageError) {
        var cursor = FolderCursor(.growing)
        for entry in layout.entries.indices where states[entry].grows {
            guard case .file(let length, _) = layout.entries[entry].body, length > 0,
                let found = try places.status(of: entry, on: .growing, &cursor),
                found.st_mode & S_IFMT == S_IFREG, Int64(found.st_size) == length
            else { continue }
            states[entry].isMade = true
            allocated += Int64(found.st_blocks) * 512
        }
    }

    /// Every piece but those of which a byte is to come.
    private var heldFromStart: PieceSet {
        var held = PieceSet(all: unproven.count)
        let pieceLength = layout.manifest.geometry.pieceLength.raw
        for (position, entry) in layout.entries.enumerated() {
            guard states[position].place != .right, case .file(_, let extents) = entry.body
            else { continue }
            let offset = layout.manifest.offsets[position]
            for extent in extents {
                let first = Int((offset + extent.start) / pieceLength)
                let last = Int((offset + extent.end - 1) / pieceLength)
                for piece in first...last { held.remove(PieceIndex(piece)) }
            }
        }
        return held
    }

    /// Believes the state file as far as the files agree. What it says of other pieces is taken
    /// back in writing, or a later job would believe it when those files exist again.
    private mutating func settle(
        _ ledger: consuming PieceLedger
    ) throws(StorageError) -> PieceLedger {
        for position in unproven.indices {
            guard let digest = unproven[position] else { continue }
            let piece = PieceIndex(position)
            let parts = layout.manifest.stretches(of: piece).filter { !layout.data(in: $0).isEmpty }
            guard sure.contains(piece),
                !parts.contains(where: { states[$0.entry].place == .doubted })
            else { continue }
            unproven[position] = nil
            let isBacked = parts.allSatisfy {
                !states[$0.entry].grows || states[$0.entry].isMade
            }
            if isBacked {
                ledger.recall(piece, digest: digest)
            } else {
                try ledger.drop(piece)
            }
        }
        return ledger
    }

    private var needed: Int64 {
        let growing = layout.entries.indices.filter { states[$0].grows }
        return max(0, PartRoom.needed(by: growing.lazy.map { layout.entries[$0] }) - allocated)
    }

    private func room(_ places: borrowing TreePlaces) throws(PartError) -> PartRoom {
        let base = places.folder.base.raw
        var found = statvfs()
        do throws(StorageError) {
            try posix("fstatvfs", places.folder.basePath) { unsafe fstatvfs(base, &found) }
            let status = try places.folder.base.status(path: places.folder.basePath)
            return PartRoom(
                needed: needed, available: PartRoom.available(found),
                device: UInt64(status.st_dev))
        } catch {
            throw .storage(error)
        }
    }
}
