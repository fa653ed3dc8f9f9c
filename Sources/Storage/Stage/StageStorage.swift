package import Content
import Synchronization
package import Vocabulary

/// All that a rank stages, for both of its threads: trees, long manifests, and the workers.
package final class StageStorage: Sendable {
    let crew: DiskWorkers
    let memory = MemoryContents()
    let pool: BufferPool
    let terms: TreeTerms
    let rank: Rank
    let answers: Answers<StoreEvent>
    let reads: Answers<ReadAnswer>
    let duty: @Sendable (TreeManifest) -> TreeDuty
    let trees = Mutex<[ContentID: StagedTree]>([:])
    let waiting = Mutex(WaitingContents())
    /// Held while the place of parts is entered, which may take long.
    let early = Mutex(EarlyContents())
    /// The contents that have their names, for a last look.
    let finished = Mutex<[FinishedTree]>([])
    /// The contents whose copies are only checked.
    private let checks = Mutex<[ContentID: CheckedTree]>([:])
    private let spoilt = Atomic<Bool>(false)

    struct ReadAnswer: Sendable {
        let ticket: ReadTicket
        /// Nil when it could not be read.
        let row: RecentPieces.Row?
    }

    /// `duty` returns this rank's duty for a content. The workers ring the bells of both threads.
    package init(
        rank: Rank, crew: DiskWorkers, pool: BufferPool, terms: TreeTerms,
        downloadBell: (any ReaderBell)? = nil, uploadBell: (any ReaderBell)? = nil,
        duty: @escaping @Sendable (TreeManifest) -> TreeDuty
    ) {
        self.crew = crew
        self.pool = pool
        self.terms = terms
        self.rank = rank
        self.duty = duty
        answers = Answers(ringing: downloadBell)
        reads = Answers(ringing: uploadBell)
    }

    func keep(_ tree: StagedTree, as content: ContentID) {
        trees.withLock { $0[content] = tree }
    }

    func keep(_ tree: CheckedTree, as content: ContentID) {
        checks.withLock { $0[content] = tree }
    }

    /// A copy of a content of this job cannot be written, or not be looked at.
    var hasSpoiltCopy: Bool { spoilt.load(ordering: .relaxed) }

    func spoilCopy() { spoilt.store(true, ordering: .relaxed) }

    func checked(_ content: ContentID) -> CheckedTree? { checks.withLock { $0[content] } }

    func tree(of content: ContentID) -> StagedTree? { trees.withLock { $0[content] } }

    /// Serves a manifest that is too long for a message.
    package func publish(_ publication: TreePublication) {
        guard let nested = publication.nested else { return }
        memory.put(
            publication.encoded, as: nested.content, geometry: nested.manifest.geometry)
    }

    /// The bytes that were read of the sources.
    package var bytesRead: Int {
        let ofChecks = checks.withLock { $0.values.reduce(0) { $0 + ($1.source?.bytesRead ?? 0) } }
        return trees.withLock { $0.values.reduce(ofChecks) { $0 + ($1.source?.bytesRead ?? 0) } }
    }

    /// Writes out the notes on all copies so far, for the run after a killed one.
    package func flush() {
        for tree in trees.withLock({ Array($0.values) }) {
            do throws(StorageError) { try tree.part?.flush() } catch { continue }
        }
    }

    /// Writes out the notes on unfinished copies, and lets other jobs in.
    package func abandon() {
        for tree in trees.withLock({ Array($0.values) }) {
            // No caller is left to report to; pieces without a note are fetched again.
            do throws(StorageError) { try tree.abandon() } catch { continue }
        }
        for tree in waiting.withLock({ Array($0.trees.values) }) {
            do throws(StorageError) { try tree.part.leaveNoTrace() } catch { continue }
        }
    }

    /// Reports how much was read of the sources so far.
    func tellRead() { answers.put(.sourceRead(bytesRead, again: trees.withLock { $0.readAgain })) }

    /// Opens a content whose manifest is here: looks at the destination, and at the source.
    func open(_ content: ContentID, _ bytes: [UInt8]) {
        guard content == ContentID(ofManifest: bytes) else {
            return answers.put(.opened(content, nil))
        }
        let manifest: TreeManifest
        do throws(TreeError) { manifest = try unsafe TreeManifest(parsing: bytes.span.bytes) } catch
        { return answers.put(.opened(content, nil)) }
        let duty = duty(manifest)
        guard !terms.isCheck else { return CopyCheck(storage: self).open(manifest, content, duty) }
        guard !terms.isDry else { return look(at: manifest, content, duty) }
        if manifest.origin.publisher == rank { answers.put(.publishes(content)) }
        let source = duty.share == nil ? nil : source(of: manifest)
        guard !duty.isPart else { return EarlyCopies(self).open(manifest, content, source, duty) }
        var part: PartArea?
        if let folder = duty.folder {
            early.withLock { $0.whole = .begun }
            do throws(PartError) {
                var options = terms.options
                options.rereads = source != nil && manifest.origin.publisher == rank
                part = try PartArea(
                    manifest, fingerprint: manifest.fingerprint, base: folder, rename: duty.name,
                    number: duty.early == nil ? duty.number : 0, options,
                    after: EarlyCopies(self).parts(duty))
                try part?.doubt { duty.doubted($0, of: manifest, reads: source != nil, at: rank) }
                warn(of: part?.room, in: folder)
            } catch {
                early.withLock { $0.whole = .refused }
                spoilCopy()
                answers.put(.troubled(terms.words(error)))
                // Others may still need what is read here.
                guard source != nil, !terms.isLone else { return cannotBegin(content, manifest) }
                // Other ranks of this host may wait for this one's measurement.
                if terms.sharesRoom { answers.put(.measured(content, PartRoom())) }
            }
        }
        if let part, terms.sharesRoom {
            let tree = WaitingTree(manifest: manifest, part: part, source: source, duty: duty)
            return wait(tree, content)
        }
        add(content, manifest, part: part, source: source, duty)
    }

    func warn(of room: PartRoom?, in folder: String) {
        guard let room, let words = terms.roomWarning(folder, room.needed) else { return }
        answers.put(.warned(words))
    }

    func source(of manifest: TreeManifest) -> TreeSource? {
        do throws(StorageError) {
            return try duty(manifest).source(of: manifest, terms)
        } catch {
            answers.put(.troubled(terms.words(.storage(error))))
            return nil
        }
    }

    func add(
        _ content: ContentID, _ manifest: TreeManifest, part: PartArea?, source: TreeSource?,
        _ duty: TreeDuty
    ) {
        let pieceCount = manifest.geometry.pieceCount
        let publishes = manifest.origin.publisher == rank
        let states = duty.states(of: source)
        let cached = duty.cache?.begin(
            part, of: manifest, decides: publishes || source != nil, sources: states)
        if publishes, let source { LastLook(storage: self).prepare(source, duty) }
        let recentMax = terms.recentByteCountMax / max(1, Int(manifest.geometry.pieceLength.raw))
        let tree = StagedTree(
            manifest, part: part, source: source,
            share: duty.pieces(of: manifest, reads: source != nil), publishes: publishes,
            readsAllAlone: publishes && duty.standsBy, isFragment: duty.isFragment,
            recentMax: recentMax, pool: pool, sourceStates: states
        ) { [answers] in answers.put(.mended($0, of: content)) }
        if part == nil { tree.loseCopy() }
        keep(tree, as: content)
        var opened = OpenedContent(manifest.geometry)
        opened.held = tree.held
        opened.believed = tree.believed
        opened.isWanted = part != nil
        if let part { opened.note(inCopy: part.held) }
        opened.publisher = manifest.origin.publisher
        if duty.asksPublisher { opened.unconfirmed = tree.readHere }
        if let cached { opened.unconfirmed.formUnion(cached) }
        opened.isInDoubt = cached?.isEmpty == false
        opened.unproven = tree.unprovenHere
        opened.standsBy = duty.standsBy
        answers.put(.opened(content, opened))
        if publishes, !tree.canPublish { answers.put(.cannotPublish(content)) }
        answers.warn(of: duty.cache)
        // One is read while another is written.
        for _ in 0..<2 { copyOn(tree, of: content, .whenIdle) }
        // Receivers that have everything from the parts ask for no piece, and wait for the table.
        if publishes, part == nil, duty.hasParts { digest(0..<pieceCount, of: content) }
    }

    /// Reads the rest, because its reader is gone. If it cannot be read here, that was reported.
    func readRest(of content: ContentID) {
        crew.submit(.write) { [self] in
            guard let tree = tree(of: content),
                let source = tree.source ?? source(of: tree.manifest)
            else { return }
            tree.readAll(of: source)
            answers.put(.restIsHere(content))
            for _ in 0..<2 { copyOn(tree, of: content, .whenIdle) }
        }
    }

    /// Copies one piece after the other. After a failure, jobs that wait for the rest do not run.
    func copyOn(_ tree: StagedTree, of content: ContentID, _ urgency: DiskWorkers.Urgency) {
        crew.submit(urgency) { [self] in
            do throws(StorageError) {
                switch try tree.copyNext() {
                case .copied:
                    tellRead()
                    copyOn(tree, of: content, urgency)
                case .differs(let piece):
                    answers.put(.differs(piece, of: content))
                    copyOn(tree, of: content, urgency)
                case .nothingLeft: break
                }
                goOn(tree)
            } catch { fail(content, error) }
        }
    }

    /// Runs the jobs that waited until everything was copied, if everything is.
    func goOn(_ tree: StagedTree) {
        for job in tree.takeWaiting() { crew.submit(.write, job) }
    }

    func keep(
        _ buffer: PieceBuffer, as piece: PieceIndex, of content: ContentID, digest: PieceDigest?
    ) {
        guard let tree = tree(of: content) else {
            preconditionFailure("pieces come only of contents that were opened")
        }
        do throws(StorageError) {
            let isGood = try tree.keep(buffer, as: piece, digest: digest)
            answers.put(isGood ? .kept(piece, of: content) : .bad(piece, of: content))
        } catch { fail(content, error) }
    }

    /// There is neither a copy here nor anything to read.
    func cannotBegin(_ content: ContentID, _ manifest: TreeManifest) {
        spoilCopy()
        if manifest.origin.publisher == rank { answers.put(.cannotPublish(content)) }
        answers.put(.failed(content, .unready))
    }

    func fail(_ content: ContentID, _ error: StorageError) {
        let isPart = tree(of: content).map { duty($0.manifest).isPart } ?? false
        if !isPart { spoilCopy() }
        if let tree = tree(of: content) {
            // Where no copy is left, it is the source that cannot be read.
            let isOfSource = tree.hasLostCopy && !tree.hasWholeTable
            tree.loseCopy()
            let isPublisher =
                tree.manifest.origin.publisher == rank
                || tree.isPublishing.load(ordering: .relaxed)
            if isPublisher, isOfSource || !tree.canPublish {
                answers.put(.cannotPublish(content))
            }
        }
        // What a part lacks comes with its tree, which reports what is still wrong.
        if !isPart { answers.put(.troubled(terms.words(.storage(error)))) }
        answers.put(.failed(content, error.failure))
    }
}
