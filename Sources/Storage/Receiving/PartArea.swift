package import Content
import Glibc
import Synchronization
package import Vocabulary

/// The receiving side of a tree: what grows in a folder beside its destination and gets its names
/// only when all of it is there. Many threads may write and read at once; each does its own work
/// and waits for the disk.
///
/// Invariant: an entry of which something was written lies in the part area alone; what had its
/// final name before is untouched until `finish`.
package final class PartArea: Sendable {
    let places: TreePlaces
    let options: PartOptions
    /// As it was before anything was written.
    let room: PartRoom
    let states: Mutex<[EntryState]>
    let ledger: Mutex<PieceLedger>
    /// The states in which this job left the growing files.
    let stamps: StampTable
    /// Held while a growing file is looked at and changed.
    let locks = EntryLocks()
    let cache = DescriptorCache()
    /// The number of further names of each file, if it has any.
    let otherNames: [Int: Int]
    /// The entries that must be in place at the end: top names, and folders that existed.
    let standing: Mutex<[Int: FileIdentity]>
    /// Held while a folder is made.
    let making = Mutex<Void>(())
    /// Held while a file that was there is cloned.
    let repairing = Mutex<Void>(())

    var layout: TreeLayout { places.layout }
    var geometry: Geometry { layout.manifest.geometry }

    /// Looks at what is there, and continues where a job before was interrupted. `base` is created
    /// where it is missing; `rename` is what the only top name is called there. `fingerprint`
    /// tells contents apart, and is the same for the next job over the same tree. `number` tells
    /// apart what grows beside one destination at the same time.
    package init(
        _ manifest: TreeManifest, fingerprint: Digest128, base: String,
        rename: RelativePath? = nil, number: Int = 0, _ options: PartOptions = PartOptions()
    ) throws(PartError) {
        let layout = TreeLayout(manifest, rename: rename)
        let suffix = number == 0 ? "" : ".\(number)"
        let folder = try PartFolder.enter(
            in: base, name: Self.folderName(layout, suffix), patience: options.lockPatience)
        let places = TreePlaces(layout: layout, folder: folder)
        var preparation = PartPreparation(layout, options, fingerprint)
        let ledger: PieceLedger
        do throws(PartError) { ledger = try preparation.prepare(places) } catch {
            // The remains of an earlier run are of use to the next one.
            if places.folder.isNew { try Self.remove(places) }
            throw error
        }
        do throws(StorageError) {
            standing = Mutex(try Self.standing(places, preparation.states))
        } catch { throw .storage(error) }
        otherNames = layout.otherNames
        self.places = places
        self.options = options
        room = preparation.room
        stamps = preparation.stamps
        self.ledger = Mutex(ledger)
        states = Mutex(preparation.states)
        do throws(StorageError) { try verify(preparation.unproven) } catch {
            throw .storage(error)
        }
    }

    private static func remove(_ places: borrowing TreePlaces) throws(PartError) {
        do throws(StorageError) { try places.folder.remove() } catch { throw .storage(error) }
    }

    /// The folder in which the tree of that destination grows.
    private static func folderName(_ layout: TreeLayout, _ suffix: String) -> String {
        let tops = layout.tops
        guard tops.count == 1 else { return ".mpiswarm-part\(suffix)" }
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
    package var held: PieceSet { ledger.withLock { $0.held } }

    package var heldCount: Int { ledger.withLock { $0.held.count } }

    package func holds(_ piece: PieceIndex) -> Bool {
        ledger.withLock { $0.held.contains(piece) }
    }

    /// Nil if the piece is not here, or was never read: it lies in files that were in place before,
    /// or in holes.
    package func digest(of piece: PieceIndex) -> PieceDigest? {
        ledger.withLock { $0.digest(of: piece) }
    }

    /// Pieces that are in place and were read there, and are not confirmed yet.
    var found: PieceSet { ledger.withLock { $0.found } }

    /// The piece is not what it should be. Of the files in place that it lies in, none is believed
    /// any longer: the next write compares.
    package func drop(_ piece: PieceIndex) throws(StorageError) {
        let stretches = layout.manifest.stretches(of: piece)
        states.withLock { states in
            for stretch in stretches where states[stretch.entry].place == .right {
                states[stretch.entry].place = .doubted
            }
        }
        try ledger.withLock { ledger throws(StorageError) in
            try ledger.drop(piece)
            // A job that is killed now must not leave a word of it to the next one.
            try ledger.flush()
        }
    }

    /// The piece was altered where it grows: it is dropped, and its files are looked at again
    /// before they get their names.
    func distrust(_ piece: PieceIndex) throws(StorageError) {
        let files = states.withLock { PieceFiles(of: piece, in: layout, $0) }
        for entry in files.whole + files.shared { stamps.distrust(entry) }
        try drop(piece)
    }

    /// The bytes of a piece that is here are right.
    func hold(_ piece: PieceIndex, digest: PieceDigest) throws(StorageError) {
        let files = states.withLock { PieceFiles(of: piece, in: layout, $0) }
        let stamp = files.stamp(in: stamps)
        try ledger.withLock { ledger throws(StorageError) in
            try ledger.hold(piece, digest: digest, stamp: stamp, files: files.shared)
        }
    }

    /// Puts down what was noted and not yet written.
    package func flush() throws(StorageError) {
        try ledger.withLock { ledger throws(StorageError) in try ledger.flush() }
    }

    /// Leaves everything as it was found. Nothing may be asked of this area afterwards.
    func leaveNoTrace() throws(StorageError) {
        guard places.folder.isNew else { return try abandon() }
        try cache.close()
        try places.folder.remove()
    }

    /// Leaves everything for the next job, which may enter from now on. Nothing may be asked of
    /// this area afterwards.
    package func abandon() throws(StorageError) {
        try flush()
        try cache.close()
        try places.folder.unlock()
    }
}
