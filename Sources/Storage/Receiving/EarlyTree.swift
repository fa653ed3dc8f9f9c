import Content
import Synchronization
import Vocabulary

/// The part area of a tree of which only parts are known yet. Their files grow side by side where
/// those of the tree will, so that the tree takes them over as they are, once it is known. Until
/// then only complete files have the rights and the dates of their entries: a later run knows by
/// these which files are worth reading.
///
/// Invariant: no file is in two parts that are open, and none is written to by a part once the tree
/// has taken over.
package final class EarlyTree: Sendable {
    let folder: PartFolder
    private let writing = PartWriting()
    private let state = Mutex(State())

    private struct State: Sendable {
        var parts: [PartArea] = []
        var files = Set<RelativePath>()
    }

    /// The complete files, with their states, and the folders, by the entries of the tree.
    struct Findings: Sendable {
        var files: [(entry: Int, stamp: FileStamp)] = []
        var folders: [Int] = []
    }

    /// `part` is any part of the tree.
    init(
        in base: String, _ part: TreeManifest, rename: RelativePath?, patience: Duration
    ) throws(PartError) {
        let layout = TreeLayout(part, rename: rename)
        folder = try PartFolder.enter(
            in: base, name: PartArea.folderName(layout), patience: patience)
    }

    /// Opens a part; nil if another part has one of its files, or the tree has taken over.
    /// `fingerprint` and `number` are the same in the next run.
    func open(
        _ manifest: TreeManifest, fingerprint: Digest128, number: Int, rename: RelativePath?,
        _ options: PartOptions
    ) throws(PartError) -> PartArea? {
        let paths = manifest.entries.filter { $0.length > 0 }.map(\.path)
        let isAlone = state.withLock { state in
            guard state.files.isDisjoint(with: paths) else { return false }
            state.files.formUnion(paths)
            return true
        }
        guard isAlone else { return nil }
        do throws(PartError) {
            let opened = try writing.during { () throws(PartError) in
                let layout = TreeLayout(manifest, rename: rename)
                let places = TreePlaces(layout: layout, folder: folder)
                return try PartArea(
                    part: number, at: places, fingerprint: fingerprint, options, writing)
            }
            if let opened { state.withLock { $0.parts.append(opened) } }
            return opened
        } catch {
            state.withLock { $0.files.subtract(paths) }
            throw error
        }
    }

    /// Gives up a part to which nothing was written, so that a later one may have its files.
    func close(_ part: PartArea) {
        let paths = part.layout.entries.filter { $0.length > 0 }.map(\.path)
        state.withLock { state in
            state.parts.removeAll { $0 === part }
            state.files.subtract(paths)
        }
    }

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
        for part in state.withLock({ $0.parts }) {
            var others: [Int] = []
            let isWhole = part.isWhole
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
                    found.files.append((place, stamp))
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
        for part in state.withLock({ $0.parts }) { part.reader.succession.pass(to: heir) }
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
