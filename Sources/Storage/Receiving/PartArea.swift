import CLinux
package import Content
import Glibc
import Synchronization
package import Vocabulary

/// The receiving side of a tree, which grows in a folder beside its destination and gets its names
/// only when it is complete. Many threads may write and read at once; each does its own work and
/// waits for the disk.
///
/// Invariant: bytes are written in the part area only; entries that had their final names before
/// are untouched until `finish`.
package final class PartArea: Sendable {
    let places: TreePlaces
    /// The room before anything was written.
    let room: PartRoom
    /// Whether no entry of the tree had its final name before.
    let isFresh: Bool
    let standing: StandingEntries
    /// The writing to a part of a tree, which ends when the tree takes over; nil for a whole tree.
    private let writing: PartWriting?
    private let options: PartOptions
    let entries: EntryTable
    let pieces: HeldPieces
    let attributes: EntryAttributes
    let reader: PartReader
    let files: GrowingFiles
    private let proven = Atomic<Bool>(false)

    var layout: TreeLayout { places.layout }
    var geometry: Geometry { layout.manifest.geometry }

    /// Surveys the destination, and continues an interrupted job. `base` is created if it is
    /// missing, and `rename` is the name of the first top entry there. `fingerprint` is the same
    /// for the next job over the same tree, and `number` for no other content of this job.
    package convenience init(
        _ manifest: TreeManifest, fingerprint: Digest128, base: String,
        rename: RelativePath? = nil, number: Int = 0, _ options: PartOptions = PartOptions(),
        after early: EarlyTree? = nil
    ) throws(PartError) {
        let layout = TreeLayout(manifest, rename: rename)
        let folder =
            if let early { early.folder } else {
                try PartFolder.enter(
                    in: base, name: Self.folderName(layout, number: number),
                    patience: options.lockPatience)
            }
        let places = TreePlaces(layout: layout, folder: folder)
        var preparation = PartPreparation(layout, options, fingerprint)
        let ledger: PieceLedger
        do throws(PartError) { ledger = try preparation.prepare(places, after: early) } catch {
            // The part folder of an earlier run stays, because the next run can use it. Other ranks
            // still read the parts of this one.
            if places.folder.isNew, early == nil { try Self.remove(places) }
            throw error
        }
        try self.init(places, preparation, ledger, options)
        early?.pass(to: reader)
    }

    /// Opens a part of a tree that is not listed yet.
    convenience init(
        part number: Int, at places: TreePlaces, fingerprint: Digest128, _ options: PartOptions,
        _ writing: PartWriting
    ) throws(PartError) {
        var preparation = PartPreparation(places.layout, options, fingerprint, part: number)
        let ledger = try preparation.preparePart(places)
        try self.init(places, preparation, ledger, options, writing)
    }

    private init(
        _ places: TreePlaces, _ preparation: PartPreparation, _ ledger: consuming PieceLedger,
        _ options: PartOptions, _ writing: PartWriting? = nil
    ) throws(PartError) {
        let layout = places.layout
        do throws(StorageError) {
            standing = try StandingEntries(places, preparation.states)
        } catch { throw .storage(error) }
        isFresh = layout.tops.allSatisfy { preparation.states[$0].place == .absent }
        self.places = places
        self.writing = writing
        self.options = options
        room = preparation.room
        entries = EntryTable(preparation.states)
        pieces = HeldPieces(layout, entries, preparation.stamps, ledger)
        attributes = EntryAttributes(places, preserves: options.preserves)
        reader = PartReader(
            places, entries,
            openMax: writing == nil ? DescriptorCache.openMax : DescriptorCache.partOpenMax)
        files = GrowingFiles(
            reader, preparation.stamps, pieces, attributes, keepsExisting: options.keepsExisting)
        let check = PieceCheck(reader, preparation.stamps, pieces)
        do throws(StorageError) {
            try check.verify(preparation.unproven, readsDoubted: options.verifies)
        } catch { throw .storage(error) }
        check.find(preparation.taken)
    }

    private static func remove(_ places: borrowing TreePlaces) throws(PartError) {
        do throws(StorageError) { try places.folder.remove() } catch { throw .storage(error) }
    }

    /// The folder in which the tree of that destination grows.
    static func folderName(_ layout: TreeLayout, number: Int = 0) -> String {
        let suffix = number == 0 ? "" : ".\(number)"
        let tops = layout.tops
        guard tops.count == 1 || layout.rename != nil else { return ".mpiswarm-part\(suffix)" }
        let name = layout.nameBytes(of: tops[0], on: .final)
        if let text = String(validating: name, as: UTF8.self) {
            let full = ".\(text).mpiswarm-part\(suffix)"
            guard full.utf8.count > RelativePath.componentByteCountMax else { return full }
        }
        let digest = Digester.digest(of: Array(name), .xxh3)
        return
            ".\(digest.map { String($0, radix: 16) }.joined(separator: "-")).mpiswarm-part\(suffix)"
    }
}

extension PartArea {
    package var held: PieceSet { pieces.all }

    var isWhole: Bool { pieces.isWhole }

    /// Pieces that were read where they lie, in place or among what an earlier run or a part has
    /// left, and are not confirmed yet.
    var found: PieceSet { pieces.found }

    /// Those of them that have bytes of growing files.
    var foundGrowing: PieceSet {
        var pieces = pieces.found
        var next = pieces.first()
        while let piece = next {
            let files = entries.files(of: piece, in: layout)
            if files.whole.isEmpty, files.shared.isEmpty { pieces.remove(piece) }
            next = pieces.first(from: piece.position + 1)
        }
        return pieces
    }

    package func holds(_ piece: PieceIndex) -> Bool { pieces.contains(piece) }

    /// The digest of a piece; nil if the piece is not here, or was never read, because it lies in
    /// files that were in place before, or in holes.
    package func digest(of piece: PieceIndex) -> PieceDigest? { pieces.digest(of: piece) }

    /// Writes the missing bytes of a piece, and notes that the piece is here. `digest` is the
    /// digest of the bytes by the manifest's algorithm.
    package func write(
        _ bytes: RawSpan, as piece: PieceIndex, digest: PieceDigest
    ) throws(StorageError) {
        try write { () throws(StorageError) in
            try files.write(bytes, as: piece, digest: digest)
        }
    }

    private func write(_ body: () throws(StorageError) -> Void) throws(StorageError) {
        guard let writing else { return try body() }
        // What the tree needs of the bytes comes with the tree.
        guard try writing.during(body) != nil else { throw .altered(path: places.folder.path) }
    }

    /// Fills the beginning of `memory` with a piece that is here.
    package func read(
        _ piece: PieceIndex, into memory: UnsafeMutableRawBufferPointer
    ) throws(StorageError) {
        try unsafe reader.read(piece, into: memory)
    }

    /// Drops a piece whose bytes are wrong.
    package func drop(_ piece: PieceIndex) throws(StorageError) { try pieces.drop(piece) }

    /// Drops a piece that was altered where it grows.
    func distrust(_ piece: PieceIndex) throws(StorageError) { try pieces.distrust(piece) }

    /// Writes the pending notes to the state file.
    package func flush() throws(StorageError) { try pieces.flush() }

    /// The entries whose owner or attributes could not be kept; nil if there are none.
    var lapse: PreservedLapse? { attributes.lapse }

    /// Checks, after `finish`, that the destination and its top entries are still in place.
    package func demandTops() throws(StorageError) { try standing.demandTops() }

    /// Removes everything that this area has created. It may not be used afterwards.
    func leaveNoTrace() throws(StorageError) {
        guard places.folder.isNew else { return try abandon() }
        try reader.cache.close()
        try places.folder.remove()
    }

    /// Leaves everything for the next job, which may enter from now on. The area may not be used
    /// afterwards.
    package func abandon() throws(StorageError) {
        try flush()
        try reader.cache.close()
        if writing == nil { try places.folder.unlock() }
    }

    /// Whether all pieces of a part are here, and are the publisher's.
    var isProven: Bool { proven.load(ordering: .acquiring) }

    /// Completes the files of a part, all pieces of which are proven.
    func completePart() throws(StorageError) {
        guard isWhole else { return }
        proven.store(true, ordering: .releasing)
        try write { () throws(StorageError) in
            try flush()
            try reader.cache.close()
            try TreeCompletion(files, attributes).dressFiles()
        }
    }
}

extension PartArea {
    /// Gives every entry its rights, its date and then its name, and removes the part area, except
    /// where it `holdsLock`. After a failure it may be called again, in this job or the next:
    /// entries that have their names by then are right and stay. Reads continue meanwhile.
    ///
    /// Returns false if a piece is missing, or another process altered the copy: the altered pieces
    /// are dropped, and have to come again.
    @discardableResult
    package func finish(holdsLock: Bool = false) throws(StorageError) -> Bool {
        guard isWhole else { return false }
        try standing.demand(inPlaceBy: entries)
        try flush()
        try reader.cache.close()
        doubtNamesOfRepaired()
        for look in 0..<Self.looksMax {
            var completion = TreeCompletion(files, attributes)
            // A file that another job links again and again has to become our own.
            var check = AlterationCheck(
                files, pieces, preserves: options.preserves, keepsShared: look == 0)
            try completion.complete(check)
            // The bytes are flushed before the names are given: otherwise a power failure could
            // leave a name without its bytes.
            if options.syncs { try sync() }
            guard try check.isAsLeft(standing) else {
                try reader.cache.close()
                guard isWhole else { return false }
                continue
            }
            try completion.dateFolders()
            return try seal(holdsLock: holdsLock)
        }
        throw .altered(path: places.folder.path)
    }

    /// The number of times that altered files are checked again: they may be right all the same.
    private static let looksMax = 5

    private func seal(holdsLock: Bool) throws(StorageError) -> Bool {
        try standing.demandBase()
        var naming = TreeNaming(
            reader, pieces, attributes, standing, files.stamps,
            keepsExisting: options.keepsExisting)
        try naming.giveNames()
        if options.syncs { try sync() }
        guard isWhole else { return false }
        try standing.demand(inPlaceBy: entries)
        if !holdsLock { try places.folder.remove() }
        return true
    }

    private func sync() throws(StorageError) {
        let base = places.folder.base.raw
        try posix("syncfs", places.folder.basePath) { clinux_sync_file_system(base) }
    }

    /// Marks the other names of files that will be replaced: they still lead to the old file.
    private func doubtNamesOfRepaired() {
        for (position, entry) in layout.entries.enumerated() {
            guard case .sameFile(let path) = entry.body, let original = layout.entry(at: path)
            else { continue }
            entries.renew(position, of: original)
        }
    }
}
