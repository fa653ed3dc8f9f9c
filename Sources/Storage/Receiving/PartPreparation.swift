import CLinux
import Content
import Glibc
import Vocabulary

/// Finds out, before the first piece comes, which entries are in place, which pieces an earlier job
/// left, and whether there is room for the rest.
struct PartPreparation {
    let layout: TreeLayout
    let options: PartOptions
    private let head: [UInt8]
    var states: [EntryState] = []
    private(set) var notes: PartNotes?
    /// The present states of the growing files of an earlier job.
    let stamps: StampTable
    var room = PartRoom()
    /// Bytes that growing files have already.
    var allocated: Int64 = 0
    /// The number of the part of a tree that is not listed yet; nil for a tree.
    let part: Int?
    /// The files that came as parts of the tree, and look complete.
    var grown = Set<Int>()
    /// Whether parts of the tree came here, of which its own state file has no lines.
    private(set) var followsParts = false
    /// Whether the rest does not fit unless the part folder is cleared up first.
    private var isTight = false

    init(
        _ layout: TreeLayout, _ options: PartOptions, _ fingerprint: Digest128, part: Int? = nil
    ) {
        self.part = part
        self.layout = layout
        self.options = options
        head = PartRecord.head(fingerprint, layout.manifest.geometry)
        stamps = StampTable(entryCount: layout.entries.count)
    }

    var pieceCount: Int { layout.manifest.geometry.pieceCount }

    /// The noted digests of the pieces that must be read before they are trusted.
    var unproven: [PieceDigest?] {
        notes?.digests ?? [PieceDigest?](repeating: nil, count: pieceCount)
    }

    /// `early` has parts of the tree that this job has received before.
    mutating func prepare(
        _ places: TreePlaces, after early: EarlyTree?
    ) throws(PartError) -> PieceLedger {
        states = try survey(places)
        if let early {
            take(early.handOver(to: layout))
            // What the parts have left beside complete files takes room, too.
            isTight = try !room(places).isEnough
        }
        do throws(StorageError) {
            let hasParts = try places.folder.hasParts
            followsParts = early != nil || !places.folder.isNew && hasParts
        } catch { throw .storage(error) }
        let ledger = try ledger(places)
        room = try room(places)
        try room.demand()
        return ledger
    }

    mutating func ledger(
        _ places: TreePlaces
    ) throws(PartError) -> PieceLedger {
        do throws(StorageError) {
            let state = try resume(places)
            return try settle(PieceLedger(held: heldFromStart, state: state), places)
        } catch {
            throw .storage(error)
        }
    }

    private func survey(_ places: TreePlaces) throws(PartError) -> [EntryState] {
        var survey: DestinationSurvey
        do throws(StorageError) { survey = try DestinationSurvey(of: places, options) } catch {
            throw .storage(error)
        }
        if let (path, obstacle) = survey.firstConflict {
            throw .exists(path: path, obstacle, more: survey.conflictCount - 1)
        }
        do throws(StorageError) { try survey.linkLone(in: places) } catch {
            throw .storage(error)
        }
        return survey.states
    }

    private var stateName: String {
        part.map { "\(PartState.name).\($0)" } ?? PartState.name
    }

    private mutating func resume(
        _ places: TreePlaces
    ) throws(StorageError) -> PartState {
        let boot = PartRecord(ofBoot: try PartRecord.boot())
        let pieceLength = layout.manifest.geometry.pieceLength
        var notes = PartNotes(pieceCount: pieceCount, boot: boot)
        let state = try PartState.resume(
            in: places.folder, as: stateName, head: head, pieceLength: pieceLength, stamps: stamps
        ) { record in notes.take(record) }
        guard var state = consume state else {
            if part == nil, !followsParts {
                try places.folder.clear()
            } else {
                try places.folder.area.unlinkIfThere(
                    stateName, path: "\(places.folder.path)/\(stateName)")
            }
            let lines = head + boot.encoded
            let begun = try PartState.begin(
                in: places.folder, as: stateName, head: lines, pieceLength: pieceLength,
                stamps: stamps)
            if part != nil || followsParts, !places.folder.isNew || isTight {
                self.notes = PartNotes(pieceCount: pieceCount, boot: boot)
                try measure(places)
            }
            return begun
        }
        if !notes.isSinceBoot { try state.append(boot) }
        self.notes = notes
        try measure(places)
        return state
    }

    /// Looks for the growing files of an earlier job. Other entries are removed; links and further
    /// names of files are recreated at the end.
    private mutating func measure(_ places: TreePlaces) throws(StorageError) {
        guard !options.isDry else {
            var cursor = FolderCursor(.growing)
            for entry in layout.entries.indices where states[entry].grows {
                guard let found = try places.status(of: entry, on: .growing, &cursor) else {
                    continue
                }
                _ = recognise(entry, found, places)
            }
            return
        }
        guard part == nil else { return try measurePart(places) }
        forgetMade()
        let others = layout.otherNames
        let removedCount = try places.sweep { entry, found in
            recognise(entry, found, places, namesMax: 1 + others[entry, default: 0])
        }
        guard removedCount > 0 else { return }
        // A file that loses another name has a new change time afterwards.
        forgetMade()
        _ = try places.sweep { entry, found in recognise(entry, found, places) }
    }

    mutating func recognise(
        _ entry: Int, _ found: stat, _ places: TreePlaces, namesMax: Int = 1
    ) -> Bool {
        switch layout.entries[entry].body {
        case .folder: return places.isOurFolder(found, entry, preserves: options.preserves)
        case .link, .sameFile: return false
        case .file(let length, _):
            guard length > 0, states[entry].grows,
                places.isOurs(
                    found, entry, preserves: options.preserves, namesMax: namesMax)
            else { return false }
            states[entry].isMade = true
            stamps.trust(entry, as: FileStamp(found))
            if followsParts, layout.entries[entry].mayLookComplete(as: found) {
                take(entry, FileStamp(found))
            }
            allocated += Int64(found.st_blocks) * 512
            return true
        }
    }

    /// The pieces of which no byte is missing, as far as that is known without reading.
    private var heldFromStart: PieceSet {
        var held = PieceSet(all: pieceCount)
        let pieceLength = layout.manifest.geometry.pieceLength.raw
        for (position, entry) in layout.entries.enumerated() {
            let state = states[position]
            guard state.place != .right, !state.isProven, case .file(_, let extents) = entry.body
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

    /// Trusts the state file as far as no process has changed the files since. Entries about
    /// missing files are revoked in the state file, because a later job would otherwise trust them
    /// when those files exist again.
    private mutating func settle(
        _ ledger: consuming PieceLedger, _ places: TreePlaces
    ) throws(StorageError) -> PieceLedger {
        guard var notes else { return ledger }
        var believed = PieceSet(none: pieceCount)
        for position in 0..<pieceCount where notes.digests[position] != nil {
            let piece = PieceIndex(position)
            let parts = PieceFiles(of: piece, in: layout, states)
            if notes.believes(piece, parts, stamps) { believed.insert(piece) }
        }
        try sortOutHoles(notes, believed, places)
        for position in 0..<pieceCount {
            guard let digest = notes.digests[position] else { continue }
            let piece = PieceIndex(position)
            let parts = layout.manifest.stretches(of: piece).filter { !layout.data(in: $0).isEmpty }
            let isBacked = parts.allSatisfy { states[$0.entry].isThere }
            let isDoubted = parts.contains { states[$0.entry].place == .doubted }
            if believed.contains(piece), isBacked, !isDoubted {
                notes.forget(piece)
                ledger.recall(piece, digest: digest)
            } else if !isBacked || options.rereads && !isDoubted {
                notes.forget(piece)
                try ledger.drop(piece)
            }
        }
        self.notes = notes
        return ledger
    }

    /// Marks files with bytes in a hole as missing, because no piece would repair them: they grow
    /// again from nothing.
    private mutating func sortOutHoles(
        _ notes: PartNotes, _ believed: PieceSet, _ places: TreePlaces
    ) throws(StorageError) {
        for entry in layout.entries.indices where states[entry].grows && states[entry].isMade {
            guard case .file = layout.entries[entry].body, !layout.gaps(of: entry).isEmpty else {
                continue
            }
            let pieces = layout.manifest.pieces(of: entry)
            let isBelieved =
                pieces.count == 1
                ? believed.contains(PieceIndex(pieces.lowerBound))
                : notes.believes(file: entry, stamps)
            if isBelieved { continue }
            if try places.hasOnlyHoles(entry, on: .growing) { continue }
            states[entry].isMade = false
            states[entry].isDated = false
            stamps.forget(entry)
        }
    }

    private var needed: Int64 {
        let growing = layout.entries.indices.filter { states[$0].grows }
        return max(0, PartRoom.needed(by: growing.lazy.map { layout.entries[$0] }) - allocated)
    }

    func room(_ places: TreePlaces) throws(PartError) -> PartRoom {
        let base = places.folder.base.raw
        var found = statvfs()
        do throws(StorageError) {
            try posix("fstatvfs", places.folder.basePath) { unsafe fstatvfs(base, &found) }
            let status = try places.folder.base.status(path: places.folder.basePath)
            return PartRoom(
                needed: needed, available: PartRoom.available(found),
                device: UInt64(status.st_dev), disk: PartRoom.disk(of: places.folder.basePath))
        } catch {
            throw .storage(error)
        }
    }
}
