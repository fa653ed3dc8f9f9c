import Content
import Staging
import Vocabulary

/// The storage of one rank in a staged job: the growing copies, the sources that the rank reads,
/// and the digests while a content has no seal. Both threads of the rank use it, as they use the
/// storage of a real one.
///
/// Invariant: a copy gets its name only when each of its pieces matches the publisher's table, or
/// was trusted in place.
final class SimulatedStageStorage {
    /// The files that a rank finds on its host.
    struct Place {
        let host: Int
        /// The versions of its source that are not 0; nil where it sees no source.
        var sourceVersions: [UInt32: UInt32]?
        var prior: SimulatedPrior
        /// Whether the rank may remove its source in the end.
        var removesSource = false
        /// The archive that the job unpacks.
        var archive: SimulatedArchive?
        /// Called with the whole tree of an archive that was still being read.
        var learns: (TreeManifest) -> Void = { _ in }
    }

    let answers: SimulatedAnswers
    let network: SimulatedNetwork
    let rank: Rank
    let order: StageOrder
    let place: Place
    /// Those that are open, in the order in which they were opened.
    private(set) var trees: [SimulatedTree] = []
    var parts = SimulatedParts()

    init(_ network: SimulatedNetwork, _ rank: Rank, _ order: StageOrder, _ place: Place) {
        self.network = network
        self.rank = rank
        self.order = order
        self.place = place
        answers = SimulatedAnswers(network, rank)
    }

    var disk: SimulatedDisk {
        get { network.state.disks[Int(rank.raw)] }
        _modify { yield &network.state.disks[Int(rank.raw)] }
    }

    func tree(_ content: ContentID) -> SimulatedTree? { trees.first { $0.content == content } }

    // MARK: Opening

    func open(_ content: ContentID, _ bytes: RawSpan) {
        guard content == ContentID(ofManifest: bytes), let manifest = manifest(bytes) else {
            return answers.put(.opened(content, nil))
        }
        let number = Int(truncatingIfNeeded: manifest.origin.job &- order.job)
        let duty = order.duties.indices.contains(number) ? order.duties[number] : .init()
        if manifest.origin.publisher == rank { answers.put(.publishes(content)) }
        let tree = SimulatedTree(content, manifest, duty, keepsCopy: duty.landing != nil)
        prepareParts(tree, number, manifest)
        trees.removeAll { $0.content == content }
        trees.append(tree)
        guard order.sharesRoom, tree.keepsCopy else { return add(tree) }
        answers.put(
            .measured(
                content, needed: needed(tree), available: ByteCount(min(disk.room, Self.roomMax)),
                device: device))
    }

    private func manifest(_ bytes: RawSpan) -> TreeManifest? {
        do throws(TreeError) { return try TreeManifest(parsing: bytes) } catch { return nil }
    }

    func needed(_ tree: SimulatedTree) -> ByteCount {
        var sum: Int64 = 0
        let prior = prior(of: tree)
        for position in 0..<tree.geometry.pieceCount {
            let piece = PieceIndex(position)
            guard !prior.inPlace.contains(piece), !prior.resumed.contains(piece),
                !parts.wasTaken(piece, by: tree.content)
            else { continue }
            sum += Int64(tree.geometry.size(of: piece))
        }
        return ByteCount(sum)
    }

    /// The largest number that fits into a message.
    private static let roomMax: Int64 = 1 << 47

    /// The ranks of a host share its disk, except that one with a small disk has it alone.
    private var device: UInt64 {
        disk.model.capacity == .max ? UInt64(place.host) : 1 << 32 | UInt64(rank.raw)
    }

    func settle(_ content: ContentID, isGranted: Bool) {
        guard let tree = tree(content), !tree.isOpen else { return }
        guard !isGranted else { return add(tree) }
        tree.keepsCopy = false
        answers.put(.troubled("no room"))
        guard tree.duty.share != nil else { return answers.put(.failed(tree.content, .unready)) }
        add(tree)
    }

    private func add(_ tree: SimulatedTree) {
        tree.stage = .open
        var opened = OpenedContent(tree.geometry)
        if tree.keepsCopy {
            putDownPrior(tree, &opened)
            putDownTaken(tree, &opened)
        }
        if let share = tree.share, place.sourceVersions != nil {
            readFrom(share, tree)
            each(tree.reads) { piece in
                if tree.duty.asksPublisher, !opened.held.contains(piece) {
                    opened.unconfirmed.insert(piece)
                }
                opened.held.insert(piece)
            }
        }
        opened.isWanted = tree.keepsCopy
        opened.publisher = tree.publisher
        opened.standsBy = tree.duty.standsBy
        answers.put(.opened(tree.content, opened))
        copyReads(tree)
        digestForReceivers(tree)
    }

    private func putDownPrior(_ tree: SimulatedTree, _ opened: inout OpenedContent) {
        let prior = prior(of: tree)
        // Nothing on this rank proves what lies in the place of a fragment.
        var unproven = PieceSet(none: tree.geometry.pieceCount)
        if tree.duty.isFragment {
            unproven = prior.inPlace
            network.state.contentTable.noteFragment(tree.content)
        }
        if let share = tree.share, place.sourceVersions != nil { unproven.subtract(share) }
        if tree.publisher != rank { opened.unproven = unproven }
        each(prior.inPlace) { piece in
            guard tree.publisher != rank || !unproven.contains(piece) else { return }
            disk.keep(piece, of: tree.content)
            opened.held.insert(piece)
            opened.believed.insert(piece)
            tree.believed.insert(piece)
        }
        let isCompared = tree.publisher == rank && place.sourceVersions != nil
        each(prior.resumed) { piece in
            let version: UInt32 = prior.outdated.contains(piece) ? 1 : 0
            // The comparison with the source here has found it.
            guard version == 0 || !isCompared else { return }
            disk.keep(piece, of: tree.content, version: version)
            tree.digests.note(tree.digests.token(piece, version: version), of: piece)
            opened.held.insert(piece)
        }
    }

    func readFrom(_ pieces: PieceSet, _ tree: SimulatedTree) {
        tree.reads = pieces
        disk.offer(pieces, of: tree.content, versions: place.sourceVersions ?? [:])
    }

    /// Pieces that are read from the source go into the copy too, one after the other.
    func copyReads(_ tree: SimulatedTree) {
        guard tree.keepsCopy else { return }
        let kept = disk.kept(of: tree.content)
        var bytesRead = 0
        each(tree.reads) { piece in
            guard !tree.hasFailed, kept?.contains(piece) != true, !tree.foreign.contains(piece),
                let version = disk.version(of: piece, of: tree.content)
            else { return }
            let size = tree.geometry.size(of: piece)
            let (done, failure) = disk.write(size, now: network.now)
            if let failure {
                tree.stage = .failed
                return answers.put(.failed(tree.content, failure), at: done)
            }
            bytesRead += size
            tree.digests.note(tree.digests.token(piece, version: version), of: piece)
            answers.put(
                .sourceRead(bytesRead, again: 0), at: done,
                deed: .keeps(piece, of: tree.content, version: version))
        }
    }

    // MARK: Pieces

    /// Whether the version matches the publisher's digest or, without one, that of the sender.
    func verifies(
        _ version: UInt32, as piece: PieceIndex, of content: ContentID, _ said: PieceDigest?
    ) -> Bool {
        guard let tree = tree(content), let expected = tree.digests.saying(of: piece) ?? said
        else { return false }
        return tree.digests.token(piece, version: version) == expected
    }

    func noteKept(_ piece: PieceIndex, of content: ContentID, version: UInt32) {
        guard let tree = tree(content) else { return }
        tree.received.insert(piece)
        tree.digests.note(tree.digests.token(piece, version: version), of: piece)
    }

    /// The digest of a piece that was read for another rank; nil where the piece changed, or
    /// differs from the publisher's.
    func digest(
        ofRead version: UInt32, as piece: PieceIndex, of content: ContentID
    ) -> PieceDigest? {
        guard let tree = tree(content) else { return nil }
        let digest = tree.digests.token(piece, version: version)
        if let said = tree.digests.saying(of: piece), said != digest {
            disown(piece, tree)
            answers.putForOther(.differs(piece, of: tree.content))
            return nil
        }
        if let known = tree.digests[piece] { return known == digest ? digest : nil }
        tree.digests.note(digest, of: piece)
        return digest
    }

    func disown(_ piece: PieceIndex, _ tree: SimulatedTree) {
        // A wrong piece that a peer sent does not condemn the source here.
        let isReceived = tree.received.remove(piece)
        if tree.reads.contains(piece), !isReceived { tree.foreign.insert(piece) }
        tree.believed.remove(piece)
        tree.digests.forget(piece)
        disk.drop(piece, of: tree.content)
        answers.callOff(piece, of: tree.content)
        if parts.drop(piece, of: tree.content) { dropInParts(piece) }
    }

    // MARK: The end

    func readRest(_ tree: SimulatedTree) {
        guard place.sourceVersions != nil else { return }
        let all = PieceSet(all: tree.geometry.pieceCount)
        readFrom(tree.duty.isPartial ? tree.share ?? all : all, tree)
        answers.put(.restIsHere(tree.content))
        copyReads(tree)
    }

    func finish(_ content: ContentID, for want: WantNumber) {
        guard let tree = tree(content), !tree.hasFailed else { return }
        reportTable(tree)
        guard parts.number(of: tree.content) == nil else { return finishPart(tree, want) }
        guard !tree.keepsCopy || isWhole(tree) else { return }
        if tree.keepsCopy { inspect(tree) }
        tree.stage = .finished
        answers.put(
            .finished(tree.content, want), deed: tree.keepsCopy ? .names(tree.content) : nil)
    }

    /// Removes the sources of finished contents that this rank published.
    func removeSources() {
        guard place.removesSource else { return }
        let finished = trees.filter { $0.stage == .finished }
        for tree in finished where tree.publisher == rank && tree.share != nil {
            network.state.removeSource(of: tree.content, by: rank)
        }
    }

    func each(_ pieces: PieceSet, _ body: (PieceIndex) -> Void) {
        var next = pieces.first()
        while let piece = next {
            body(piece)
            next = pieces.first(from: piece.position + 1)
        }
    }
}
