import Content
import Synchronization
import Vocabulary

/// The last look at what this rank has staged: whether its copies are still there, and which of its
/// sources can be removed, after they were collected.
struct LastLook: Sendable {
    let storage: StageStorage

    private var answers: Answers<StoreEvent> { storage.answers }

    /// Checks that the copies that got their names are still there, and may remove the sources.
    func look(removesSource: Bool = false) {
        storage.crew.submit(.write) { [self] in
            for row in storage.finished.withLock({ $0 }) {
                do throws(StorageError) { try row.tree?.part?.demandTops() } catch {
                    answers.put(.troubled(storage.terms.words(.storage(error))))
                    answers.put(.displaced(row.want, error.failure))
                }
            }
            if removesSource { removeSources() }
            EarlyCopies(storage).removeParts()
            answers.put(.lookedAgain)
        }
    }

    /// Notes the states of the files, before any of them is read.
    func prepare(_ source: TreeSource, _ duty: TreeDuty) {
        guard let terms = duty.removal else { return }
        guard !terms.isIncomplete else { return answers.put(.warned(terms.incompleteWords)) }
        source.noteStates()
    }

    /// Removes sources that have their final names at the destination. If this rank wrote the copy,
    /// it must still be there.
    private func removeSources() {
        for row in storage.finished.withLock({ $0 }) {
            guard let terms = storage.duty(row.manifest).removal, !terms.isIncomplete,
                let source = row.tree?.source
            else { continue }
            do throws(StorageError) { try row.tree?.part?.demandTops() } catch { continue }
            var walk = RemovalWalk(source, terms)
            let (list, failure) = walk.remove()
            if !list.isEmpty { answers.put(.differing(list)) }
            if let failure { answers.put(.troubled(storage.terms.words(.storage(failure)))) }
        }
    }

    /// Reports what would be removed.
    func foresee(_ manifest: TreeManifest, _ duty: TreeDuty) {
        guard let terms = duty.removal else { return }
        guard !terms.isIncomplete else { return answers.put(.warned(terms.incompleteWords)) }
        let list = RemovalWalk.foreseen(for: manifest)
        if !list.isEmpty { answers.put(.differing(list)) }
    }
}
