import Content
import Glibc
import Synchronization
import Vocabulary

/// Compares complete copies with their source, and finds what they have beyond it.
struct CopyCheck: Sendable {
    let storage: StageStorage

    private var terms: TreeTerms { storage.terms }
    private var answers: Answers<StoreEvent> { storage.answers }

    /// Opens a content whose copy is only compared. Every file of the copy is digested here; the
    /// publisher then digests the source.
    func open(_ manifest: TreeManifest, _ content: ContentID, _ duty: TreeDuty) {
        let publishes = manifest.origin.publisher == storage.rank
        if publishes { answers.put(.publishes(content)) }
        let source = publishes ? storage.source(of: manifest) : nil
        if publishes, source == nil { answers.put(.cannotPublish(content)) }
        let rows = StretchRows(manifest)
        var copy: CopySurvey?
        if let folder = duty.folder {
            do throws(StorageError) {
                let layout = TreeLayout(manifest, rename: duty.name)
                copy = try CopySurvey(layout, rows, in: folder)
            } catch { answers.put(.troubled(terms.words(.storage(error)))) }
        }
        guard let geometry = Geometry(labels: rows.count) else {
            return answers.put(.opened(content, nil))
        }
        var opened = OpenedContent(geometry)
        opened.isWanted = false
        opened.isDry = copy != nil
        opened.isCompared = rows.count > 0 && (copy != nil || source != nil)
        opened.publisher = manifest.origin.publisher
        opened.toCopy = ByteCount(copy?.byteCountToCopy ?? 0)
        let tree = CheckedTree(manifest, rows, source: source, copy)
        storage.keep(tree, as: content)
        answers.put(.opened(content, opened))
        if source != nil { digestAll(of: tree, content) }
    }

    /// One piece after the other, so that other contents are read meanwhile.
    private func digestAll(of tree: CheckedTree, _ content: ContentID, from position: Int = 0) {
        storage.crew.submit(.whenIdle) { [self] in
            guard position < tree.manifest.geometry.pieceCount else {
                if let digest = tree.takeTable() { answers.put(.tabled(content, digest)) }
                return
            }
            do throws(StorageError) { try tree.readSource(PieceIndex(position)) } catch {
                answers.put(.cannotPublish(content))
                answers.put(.troubled(terms.words(.storage(error))))
                return answers.put(.failed(content, error.failure))
            }
            storage.tellRead()
            digestAll(of: tree, content, from: position + 1)
        }
    }

    /// Called when all contents of the copy are in place, or compared. Returns the words of a
    /// failure that matters: what is only counted may be unreadable.
    func findDifferences() -> String? {
        let trees = storage.finished.withLock { $0 }
        var list = DifferenceList()
        var failure: StorageError?
        do throws(StorageError) {
            for row in trees {
                guard let checked = storage.checked(row.content) else { continue }
                list.add(try checked.differences())
            }
            failure = try findExtras(of: trees, &list)
        } catch { failure = error }
        if !terms.isCheck, !terms.extras.isDecisive { failure = nil }
        if !list.isEmpty { answers.put(.differing(list)) }
        return failure.map { terms.words(.storage($0)) }
    }

    /// Returns the first failure.
    private func findExtras(
        of trees: [FinishedTree], _ list: inout DifferenceList
    ) throws(StorageError) -> StorageError? {
        let isFresh = trees.allSatisfy { $0.tree?.part?.isFresh == true }
        guard terms.extras.treatment != .ignored, !isFresh, !storage.hasSpoiltCopy,
            let folder = trees.lazy.compactMap({ storage.duty($0.manifest).folder }).first,
            let base = try base(of: trees, folder)
        else { return nil }
        let sources = terms.isCheck ? [] : terms.sites().compactMap { FileIdentity(path: $0.path) }
        var walk = try ExtraWalk(
            in: base, path: folder, mirrored(trees), terms.extras, sources: Set(sources))
        try walk.walk()
        list.add(walk.list)
        return walk.firstError
    }

    /// The folder in which this job has written, or the one of that name where it only looks.
    /// Nothing is removed unless every content of the copy got its names from this job.
    private func base(
        of trees: [FinishedTree], _ folder: String
    ) throws(StorageError) -> OpenFile? {
        guard terms.extras.treatment != .removed else {
            let parts = trees.compactMap { $0.tree?.part }
            guard trees.allSatisfy(\.isIntact), let part = parts.first else { return nil }
            return try OpenFile(folder: ".", in: part.places.folder.base, path: folder)
        }
        do throws(StorageError) {
            return try OpenFile(opening: folder, flags: O_RDONLY | O_DIRECTORY)
        } catch .system(_, _, ENOENT) {
            return nil
        }
    }

    private func mirrored(_ trees: [FinishedTree]) -> [ExtraTree] {
        let removes = terms.extras.treatment == .removed
        return trees.map { row in
            let layout = TreeLayout(row.manifest, rename: storage.duty(row.manifest).name)
            let standing = row.tree?.part?.standing.all
            return ExtraTree(layout: layout, standing: removes ? standing ?? [:] : nil)
        }
    }
}
