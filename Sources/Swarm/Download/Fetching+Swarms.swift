import Vocabulary
import Wire

/// The way from a name to a content that is being fetched.
extension Fetching {
    mutating func startTransfers(_ effects: inout Effects<DownloaderEffect>) {
        // The tracker decides on room when all contents are measured.
        var active = transfers.rows.count {
            !$0.isOver && $0.stage != .idle && !$0.awaitsRoom
        }
        for index in transfers.indices where transfers[index].stage == .idle {
            guard active < rules.transfersActiveMax else { return }
            guard !rules.lastWantWaits || transfers.mayBegin(index) else { continue }
            active += 1
            start(index, &effects)
        }
    }

    private mutating func start(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard case .want(let want) = transfers[index].purpose else { return }
        // A file that this rank owns is written at once, even if others have other contents of that
        // name.
        if let own = ownWanted(index) {
            identified(index, as: own.content, &effects)
            return completion.finish(index, own.content, want, &effects)
        }
        transfers[index].stage = .asked
        sourcing.askSwarm(index, &effects)
    }

    /// The file of this rank that satisfies the want without any other rank.
    func ownWanted(_ index: TransferIndex) -> Share.Owned? {
        guard case .want(let want) = transfers[index].purpose,
            transfers[index].order?.source == nil
        else { return nil }
        return inventory.owned(as: transfers.name(of: want))
    }

    /// Handles the content of a want, which is known now.
    private mutating func identified(
        _ index: TransferIndex, as content: ContentID,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].content = content
        guard let ticket = transfers[index].order?.ticket,
            case .want(let want) = transfers[index].purpose
        else { return }
        effects.append(.store(.aim(want, of: content, at: ticket)))
    }

    /// Counts an answer of the tracker, and returns the transfer that waited for it; nil if none
    /// did.
    private mutating func awaited(_ want: WantNumber) -> TransferIndex? {
        guard let index = transfers.index(of: want) else { return nil }
        transfers[index].inquiry.answered()
        return transfers[index].isOver ? nil : index
    }

    mutating func swarmFound(
        _ content: ContentID, _ want: WantNumber, _ members: MemberList, _ manifest: Descriptor?,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = awaited(want) else { return }
        var members = members
        if let source = transfers[index].order?.source, !members.contains(source) {
            guard !sourcing.tellsOfAll else { return sourceIsGone(index, &effects) }
            members.peers.append(source)
        }
        transfers[index].sources.members = members
        transfers[index].inquiry.heardMembers()
        if transfers[index].stage == .asked, let manifest {
            identified(index, as: content, &effects)
            guard !shares(index, content, want, &effects) else { return }
            transfers[index].stage = .opening
            transfers[index].proof = Proof()
            forgetEarlier(content, &effects)
            inventory.keep(manifest, of: content)
            transfers.bind(content, to: index)
            openManifest(index, content, manifest, &effects)
        } else if transfers[index].content == content {
            sourcing.addMembers(index, effects: &effects)
            if let inner = transfers.manifest(of: index) {
                transfers[inner].sources.members = members
                sourcing.addMembers(inner, effects: &effects)
            }
        }
    }

    /// Handles an order whose only allowed source is not, or no longer, in the swarm.
    private mutating func sourceIsGone(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        switch transfers[index].stage {
        case .asked, .opening, .fetching, .proving: completion.fail(index, .notThere, &effects)
        case .idle, .sharing, .finishing, .done, .failed: break
        }
    }

    /// Whether a content need not be fetched again, because this rank owns it under another name,
    /// or fetches it already.
    private mutating func shares(
        _ index: TransferIndex, _ content: ContentID, _ want: WantNumber,
        _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        var isHere = inventory.owns(content)
        if !isHere, let other = transfers.index(of: content) {
            switch transfers[other].stage {
            case .opening, .fetching, .proving:
                transfers[index].stage = .sharing(with: other)
                return true
            case .finishing: isHere = true
            // A user may have removed the file, so the content counts as fetched only where no user
            // gives orders.
            case .done: isHere = !rules.kind.isStanding
            case .idle, .asked, .sharing, .failed: break
            }
        }
        guard isHere else { return false }
        completion.finish(index, content, want, &effects)
        return true
    }

    private mutating func forgetEarlier(
        _ content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard rules.kind.isStanding else { return }
        let isBound = transfers.index(of: content) != nil
        if inventory.forgetEarlier(content, isBound: isBound) {
            effects.append(.tell(.contentGone(content)))
        }
    }

    private mutating func openManifest(
        _ index: TransferIndex, _ content: ContentID, _ manifest: Descriptor,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        let bytes = effects.tail { $0.append(contentsOf: manifest.manifest) }
        guard let nested = manifest.nestedContent else {
            return effects.append(.store(.open(content), bytes))
        }
        transfers.addManifest(nested, of: index, isLive: rules.kind.isStanding)
        effects.append(.store(.open(nested), bytes))
    }

    /// Handles the tracker's decision whether the content that the store measured fits on this
    /// host's disk.
    mutating func settled(
        _ content: ContentID, _ isGranted: Bool, taken: ByteCount,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content), transfers[index].stage == .opening,
            !transfers[index].isSettled
        else { return }
        transfers[index].isSettled = true
        effects.append(.store(.settle(content, isGranted: isGranted, taken: taken)))
    }

    /// Handles a manifest that the store has read, or found invalid.
    mutating func opened(
        _ content: ContentID, _ opened: OpenedContent?, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content), transfers[index].stage == .opening else {
            return
        }
        journal.fedAt = now
        guard let opened else { return completion.fail(index, .unknown, &effects) }
        transfers[index].begin(opened)
        let isFile = transfers[index].isFile
        if isFile, opened.isWanted || opened.isDry {
            journal.totals.needed += opened.missing
            journal.totals.toCopy += opened.toCopy
        }
        if rules.picker == .roundRobin {
            let peers = sourcing.peerCount
            transfers[index].board.origin =
                Int(rank.raw) % peers * opened.geometry.pieceCount / peers
        }
        if isFile { journal.tell(.began(content, held: opened.held.count), &effects) }
        effects.append(
            .tell(.contentOpened(content, opened.geometry, held: opened.confirmed)))
        completion.confirmNext(index, &effects)
        completion.informHeir(of: index, &effects)
        transfers[index].reportRole(rank, journal, &effects)
        sourcing.addMembers(index, effects: &effects)
        if transfers[index].board.queued.isEmpty || !opened.isWanted {
            completion.piecesAreHere(index, &effects)
        } else if !opened.held.isEmpty, isFile {
            sourcing.tellHeld(index, &effects)
        }
    }

    mutating func swarmUnknown(_ want: WantNumber, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = awaited(want), transfers[index].stage == .asked else { return }
        completion.fail(index, .unknown, &effects)
    }

    mutating func lost(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), !transfers[index].isOver else { return }
        journal.branches.losses += 1
        completion.fail(index, .lost, &effects)
    }

    /// Handles the tracker's report that no rank has the content any more.
    mutating func withdrawn(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), !transfers[index].isOver else { return }
        completion.fail(index, .withdrawn, &effects)
        effects.append(.tell(.contentGone(content)))
        effects.append(.store(.forsake(content)))
    }
}

extension OpenedContent {
    /// The pieces that may be served before the publisher's digests have come.
    fileprivate var confirmed: PieceSet {
        var confirmed = held
        confirmed.subtract(unconfirmed)
        confirmed.subtract(unproven)
        return confirmed
    }
}
