import Content
import Glibc
import Synchronization
import Vocabulary

/// The copies of trees that travel in parts while their archive is being read.
package struct EarlyCopies: Sendable {
    private let storage: StageStorage

    package init(_ storage: StageStorage) { self.storage = storage }

    /// Opens a part of a tree. What an earlier run left of another archive is replaced. A part that
    /// cannot be kept comes later with the tree, which reports the reason if it is still there.
    func open(
        _ manifest: TreeManifest, _ content: ContentID, _ source: TreeSource?, _ duty: TreeDuty
    ) {
        let part = part(of: manifest, content, duty)
        storage.add(content, manifest, part: part, source: source, duty)
    }

    private func part(
        of manifest: TreeManifest, _ content: ContentID, _ duty: TreeDuty
    ) -> PartArea? {
        let options = storage.terms.options
        let isAlone = storage.early.withLock { $0.names.describes(duty.number, manifest) }
        guard isAlone, duty.folder != nil, lacksMost(of: manifest, duty),
            let tree = storage.early.withLock({
                $0.place(of: manifest, duty, patience: options.lockPatience)
            })
        else { return nil }
        do throws(PartError) {
            let part = try tree.open(
                manifest, fingerprint: manifest.fingerprint, number: duty.number,
                rename: duty.name, options)
            guard let part else { return nil }
            guard storage.early.withLock({ $0.admits(content, part.room) }) else {
                tree.close(part)
                return nil
            }
            return part
        } catch { return nil }
    }

    /// The parts of a tree that came before it.
    func parts(_ duty: TreeDuty) -> EarlyTree? {
        guard case .whole(let partCount) = duty.early else { return nil }
        return storage.early.withLock { early in
            if early.names.provesFiles(ofParts: partCount) { early.tree?.trustNames() }
            return early.tree
        }
    }

    /// Completes the files of a part whose pieces are proven; they get no names before the tree is
    /// whole. Returns false for a content that is no part.
    func finish(_ content: ContentID, _ want: WantNumber, _ tree: StagedTree) -> Bool {
        guard storage.duty(tree.manifest).isPart else { return false }
        do throws(StorageError) { try tree.part?.completePart() } catch {
            // The tree gets the files again, and reports what is wrong if it still is.
        }
        return finished(content, want, tree.manifest)
    }

    /// Returns false for a content that is no part, and so counts for the end of the job.
    func finished(_ content: ContentID, _ want: WantNumber, _ manifest: TreeManifest) -> Bool {
        guard storage.duty(manifest).isPart else { return false }
        storage.early.withLock { $0.finished(content) }
        storage.answers.put(.finished(content, want))
        return true
    }

    /// Whether less than half of a part is in the copy of the tree. Otherwise the tree fetches what
    /// is missing.
    private func lacksMost(of manifest: TreeManifest, _ duty: TreeDuty) -> Bool {
        guard case .part(let copy?) = duty.early else { return true }
        var missing: Int64 = 0
        for entry in manifest.entries where entry.length > 0 {
            var found = stat()
            let path = entry.path.belowTop.map { "\(copy)/\($0)" } ?? copy
            let isThere = unsafe lstat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
            guard isThere, Int64(found.st_size) == entry.length, entry.modified.isKept(as: found)
            else {
                missing += entry.length
                continue
            }
        }
        return missing > manifest.geometry.total.raw / 2
    }

    /// Reports a failure that is not one of a content.
    package func report(_ error: StorageError) { report(storage.terms.words(.storage(error))) }

    package func report(_ words: String) { storage.answers.put(.troubled(words)) }

    /// Removes the parts that this rank keeps, once no rank needs them. They stay where the next
    /// run needs them: where an earlier run has left some, where the tree grows still, or where the
    /// rank that read the archive is gone.
    func removeParts() {
        let (tree, whole) = storage.early.withLock { ($0.tree, $0.whole) }
        guard let folder = tree?.folder, folder.isNew, whole != .begun else { return }
        // The names took the folder with them.
        guard storage.finished.withLock({ $0.isEmpty }) else { return }
        let parts = storage.trees.withLock { Array($0.values) }.map { storage.duty($0.manifest) }
        guard whole == .refused || !parts.contains(where: { $0.isReaderGone() }) else { return }
        do throws(StorageError) { try folder.remove() } catch {
            // The next run removes them, or uses them.
        }
    }
}
