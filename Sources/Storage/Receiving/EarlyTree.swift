import Content
import Synchronization
import Vocabulary

/// The part area of a tree of which only parts are known yet. Their files grow side by side where
/// those of the tree will, so that the tree takes them over as they are, once it is known. Until
/// then only complete files have the rights and the dates of their entries: a later run knows by
/// these which files are worth reading.
///
/// Invariant: no file is written to by a part once the tree has taken over. Callers open no two
/// parts that share a file.
package final class EarlyTree: Sendable {
    let folder: PartFolder
    private let writing = PartWriting()
    private let parts = Mutex<[PartArea]>([])
    private let trustsNames = Atomic<Bool>(false)

    /// The complete files and the folders, by the entries of the tree.
    struct Findings: Sendable {
        var files: [File] = []
        var folders: [Int] = []

        struct File: Sendable {
            let entry: Int
            let stamp: FileStamp
            /// Whether its bytes are the publisher's for certain.
            let isProven: Bool
        }
    }

    /// `part` is any part of the tree.
    init(
        in base: String, _ part: TreeManifest, rename: RelativePath?, patience: Duration
    ) throws(PartError) {
        let layout = TreeLayout(part, rename: rename)
        folder = try PartFolder.enter(
            in: base, name: PartArea.folderName(layout), patience: patience)
    }

    /// Opens a part; nil if the tree has taken over. `fingerprint` and `number` are the same in the
    /// next run.
    func open(
        _ manifest: TreeManifest, fingerprint: Digest128, number: Int, rename: RelativePath?,
        _ options: PartOptions
    ) throws(PartError) -> PartArea? {
        let opened = try writing.during { () throws(PartError) in
            let layout = TreeLayout(manifest, rename: rename)
            let places = TreePlaces(layout: layout, folder: folder)
            return try PartArea(
                part: number, at: places, fingerprint: fingerprint, options, writing)
        }
        if let opened { parts.withLock { $0.append(opened) } }
        return opened
    }

    /// Gives up a part to which nothing was written.
    func close(_ part: PartArea) { parts.withLock { $0.removeAll { $0 === part } } }

    /// From now on a file of a part is that of the tree if its name, length and date are.
    func trustNames() { trustsNames.store(true, ordering: .releasing) }

    /// Ends the writing to the parts, and returns what looks like files of the tree. Files that it
    /// will not have stay open, because other ranks may still ask for pieces of them: those that a
    /// later entry of the archive replaces.
    func handOver(to layout: TreeLayout) -> Findings {
        writing.end()
        var places: [RelativePath: Int] = [:]
        places.reserveCapacity(layout.entries.count)
        for (place, entry) in layout.entries.enumerated() { places[entry.path] = place }
        var found = Findings()
        var keptMax = Self.keptMax
        for part in parts.withLock({ $0 }) {
            var others: [Int] = []
            let isWhole = part.isWhole
            let isProven = part.isProven && trustsNames.load(ordering: .acquiring)
            for (position, state) in part.entries.all.enumerated() where state.isMade {
                let entry = part.layout.entries[position]
                let place = places[entry.path]
                if entry.body == .folder {
                    if let place, layout.entries[place].body == .folder {
                        found.folders.append(place)
                    }
                    continue
                }
                guard let place, layout.entries[place] == entry else {
                    others.append(position)
                    continue
                }
                if state.isDated, isWhole || part.holdsAll(of: position),
                    let stamp = part.files.stamps.stamp(of: position)
                {
                    found.files.append(
                        Findings.File(entry: place, stamp: stamp, isProven: isProven))
                }
            }
            part.keepOpen(others.prefix(keptMax))
            keptMax -= min(keptMax, others.count)
        }
        return found
    }

    /// The number of files that are kept open. Pieces of others are asked for elsewhere.
    static let keptMax = 64

    /// From now on the files of the parts are read where those of the tree are.
    func pass(to heir: PartReader) {
        for part in parts.withLock({ $0 }) { part.reader.succession.pass(to: heir) }
    }
}

extension PartArea {
    fileprivate func keepOpen(_ positions: some Sequence<Int>) {
        var kept: [Int: PartFile] = [:]
        for position in positions {
            do throws(StorageError) {
                kept[position] = PartFile(
                    try places.open(position, on: .growing),
                    path: places.path(of: position, on: .growing))
            } catch { continue }
        }
        reader.succession.keep(kept)
    }
}

extension PartFolder {
    /// Whether an earlier run has left parts of the tree here.
    var hasParts: Bool { get throws(StorageError) { try !partStateNames.isEmpty } }
}
