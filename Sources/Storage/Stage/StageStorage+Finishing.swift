import Content
import Glibc
import Synchronization
import Vocabulary

/// The way from the last piece to the names.
extension StageStorage {
    /// Answers whether all digests are the publisher's, once all that is read here was read.
    func prove(_ content: ContentID, table: PieceDigest) {
        if let checked = checked(content) {
            return answers.put(checked.isProven(by: table) ? .proven(content) : .unproven(content))
        }
        whenCopied(content) { tree, storage in
            storage.answers.put(tree.isProven(by: table) ? .proven(content) : .unproven(content))
        }
    }

    func compare(_ content: ContentID, from first: Int, digests: [UInt8]) {
        if let checked = checked(content) {
            return crew.submit(.write) { [self] in
                checked.compare(from: first, digests: digests)
                answers.put(.compared(content, wrong: []))
            }
        }
        whenCopied(content) { tree, storage throws(StorageError) in
            let wrong = try tree.compare(from: first, digests: digests)
            storage.answers.put(.compared(content, wrong: wrong))
        }
    }

    /// Takes digests of the publisher for pieces that may not have been read yet.
    func hear(_ content: ContentID, from first: Int, digests: [UInt8]) {
        crew.submit(.write) { [self] in
            guard let tree = tree(of: content) else { return }
            do throws(StorageError) {
                let wrong = try tree.compare(from: first, digests: digests)
                answers.put(.heard(content, wrong: wrong))
            } catch { fail(content, error) }
        }
    }

    func finish(_ content: ContentID, for want: WantNumber) {
        if let checked = checked(content) {
            return crew.submit(.write) { [self] in conclude(content, want, checked.manifest) }
        }
        whenCopied(content) { tree, storage in
            storage.tell(tree, of: content)
            if EarlyCopies(storage).finish(content, want, tree) { return }
            do throws(StorageError) {
                guard try tree.finish(holdsLock: storage.holdsLocks) else {
                    return storage.fetchAgain(tree, content, want)
                }
                if let lapse = tree.part?.lapse {
                    storage.answers.put(.warned(storage.terms.lapseWords(lapse)))
                }
                storage.conclude(content, want, tree.manifest, tree)
            } catch {
                // A simultaneous reader found a wrong piece.
                if let part = tree.part, !part.isWhole {
                    return storage.fetchAgain(tree, content, want)
                }
                storage.answers.put(.troubled(storage.terms.words(.storage(error))))
                storage.answers.put(.unfinished(content, want, error.failure))
            }
        }
    }

    /// The last content is finished when what the source lacks was looked for, and `afterNames` has
    /// succeeded.
    func conclude(
        _ content: ContentID, _ want: WantNumber, _ manifest: TreeManifest,
        _ tree: StagedTree? = nil
    ) {
        let count = finished.withLock {
            $0.append(FinishedTree(content: content, want: want, manifest: manifest, tree: tree))
            return $0.count
        }
        guard count == terms.contentCount else { return answers.put(.finished(content, want)) }
        for row in finished.withLock({ $0 }) where row.isIntact {
            row.tree?.add(to: duty(row.manifest).cache, answers)
        }
        let words = CopyCheck(storage: self).findDifferences() ?? letOthersIn()
        if let words {
            answers.put(.troubled(words))
            return answers.put(.unfinished(content, want, .failing(errno: ECANCELED)))
        }
        let isIntact = finished.withLock { $0.allSatisfy(\.isIntact) } && !hasSpoiltCopy
        guard isIntact, let afterNames = terms.afterNames else {
            return answers.put(.finished(content, want))
        }
        afterNames { [answers] words in
            guard let words else { return answers.put(.finished(content, want)) }
            answers.put(.troubled(words))
            answers.put(.unfinished(content, want, .commandFailed))
        }
    }

    /// What the source lacks is removed while no other job can write there.
    var holdsLocks: Bool { terms.extras.treatment == .removed }

    /// Returns the words of a failure.
    private func letOthersIn() -> String? {
        var failure: StorageError?
        for row in finished.withLock({ $0 }) {
            do throws(StorageError) { try row.tree?.letGo() } catch { failure = error }
        }
        return failure.map { terms.words(.storage($0)) }
    }

    /// Another process altered the growing files: dropped pieces are fetched again, or read from
    /// the source of this rank. No name is given before that.
    private func fetchAgain(_ tree: StagedTree, _ content: ContentID, _ want: WantNumber) {
        guard let part = tree.part, tree.mayBeMended() else {
            let path = tree.part?.places.folder.path ?? ""
            answers.put(.troubled(terms.words(.storage(.altered(path: path)))))
            return answers.put(.unfinished(content, want, StorageError.altered(path: path).failure))
        }
        var isFetched = false
        var next = PieceSet(all: part.geometry.pieceCount).first(notIn: part.held)
        while let piece = next {
            if !tree.lost(piece) {
                isFetched = true
                answers.put(.differs(piece, of: content))
            }
            next = PieceSet(all: part.geometry.pieceCount).first(
                from: piece.position + 1, notIn: part.held)
        }
        // Otherwise the machine asks for the end again when all pieces are here.
        if !isFetched { finish(content, for: want) }
    }

    /// Takes over from a publisher that is gone. A rank that sees the source compares its copy with
    /// it, because the publisher can no longer do that. Undigested pieces are read again.
    func publish(_ content: ContentID) {
        crew.submit(.write) { [self] in
            guard let tree = tree(of: content) else { return }
            do throws(StorageError) {
                if duty(tree.manifest).standsBy,
                    let source = tree.source ?? source(of: tree.manifest)
                {
                    try tree.compareWithSource(source)
                }
                publishCopy(content)
            } catch { fail(content, error) }
        }
    }

    private func publishCopy(_ content: ContentID) {
        whenCopied(content) { tree, storage in
            tree.isPublishing.store(true, ordering: .relaxed)
            storage.tell(tree, of: content)
            storage.digest(0..<tree.manifest.geometry.pieceCount, of: content)
        }
    }

    /// Reports once that the table of a published content is final.
    func tell(_ tree: StagedTree, of content: ContentID) {
        let isPublishing = tree.isPublishing.load(ordering: .relaxed)
        guard isPublishing || tree.manifest.origin.publisher == rank,
            let digest = tree.takeTable()
        else { return }
        answers.put(.tabled(content, digest))
    }

    /// Digests pieces that a rank compares and that are not digested yet.
    func digest(_ range: Range<Int>, of content: ContentID) {
        crew.submit(.whenIdle) { [self] in
            guard let tree = tree(of: content) else { return }
            do throws(StorageError) {
                if try tree.digestNext(in: range) { digest(range, of: content) }
                goOn(tree)
                tell(tree, of: content)
            } catch { fail(content, error) }
        }
    }

    /// Calls `body` when all that is read here is copied.
    private func whenCopied(
        _ content: ContentID,
        _ body: @escaping @Sendable (StagedTree, StageStorage) throws(StorageError) -> Void
    ) {
        guard let tree = tree(of: content) else { return }
        let job: DiskWorkers.Job = { [self] in
            do throws(StorageError) { try body(tree, self) } catch { fail(content, error) }
        }
        // The machine waits for the answer now.
        if tree.wait(job) { copyOn(tree, of: content, .write) } else { crew.submit(.write, job) }
    }
}
