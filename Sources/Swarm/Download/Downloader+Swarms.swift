import Vocabulary
import Wire

/// Who has what: from names to sources.
extension Downloader {
    mutating func startTransfers(effects: inout Effects<DownloaderEffect>) {
        var active = transfers.count { !$0.isOver && $0.stage != .idle }
        for index in transfers.indices where transfers[index].stage == .idle {
            guard active < rules.transfersActiveMax else { return }
            active += 1
            start(index, &effects)
        }
    }

    private mutating func start(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard case .want(let want) = transfers[index].purpose else { return }
        // What we own ourselves is written at once, whatever others have under that name.
        if let own = owned(as: want), transfers[index].order?.source == nil {
            identified(index, as: own.content, &effects)
            transfers[index].stage = .finishing
            return effects.append(.finish(own.content, want))
        }
        transfers[index].stage = .asked
        askSwarm(index, &effects)
    }

    private func owned(as want: WantNumber) -> Share.Owned? {
        share.owned.first { $0.name == share.wants[want.position] }
    }

    /// Whether it needs nobody else.
    func ownsWanted(_ index: Int) -> Bool {
        guard case .want(let want) = transfers[index].purpose else { return false }
        return owned(as: want) != nil && transfers[index].order?.source == nil
    }

    mutating func askSwarm(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        switch transfers[index].purpose {
        case .manifest(of: let parent): askSwarm(parent, &effects)
        case .want(let want):
            let name = share.wants[want.position]
            let content = transfers[index].content ?? transfers[index].chosenContent
            let selector: Selector = content == nil ? .name : .content
            if rules.isLive { transfers[index].answersDue += 1 }
            let message = TrackerMessage.swarmRequest(
                content ?? .none, want: want, by: selector,
                needsManifest: transfers[index].content == nil)
            let tail =
                selector == .name ? effects.tail { $0.append(contentsOf: name.utf8) } : .none
            effects.append(.send(.tracker(message), tail, to: rules.tracker))
        }
    }

    mutating func swarmFound(
        _ content: ContentID, _ want: WantNumber, _ members: MemberList, _ manifest: Descriptor?,
        now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        let index = want.position
        guard index < share.wants.count, isExpected(index) else { return }
        var members = members
        if let source = transfers[index].order?.source, !members.contains(source) {
            guard !tellsOfAll else { return sourceIsGone(index, &effects) }
            members.peers.append(source)
        }
        transfers[index].members = members
        if transfers[index].membersAreFresh != nil { transfers[index].membersAreFresh = true }
        if transfers[index].stage == .asked, let manifest {
            identified(index, as: content, &effects)
            guard !shares(index, content, want, &effects) else { return }
            transfers[index].stage = .opening
            forgetEarlier(content, &effects)
            keep(manifest, of: content)
            transferOfContent[content] = index
            openManifest(index, content, manifest, &effects)
        } else if transfers[index].content == content {
            addMembers(index, effects: &effects)
            if let inner = transfers.firstIndex(where: { $0.purpose == .manifest(of: index) }) {
                transfers[inner].members = members
                addMembers(inner, effects: &effects)
            }
        }
    }

    /// Whether the tracker names everybody who is in a swarm.
    var tellsOfAll: Bool { peerCount <= rules.meshMax }

    /// The only one that it may come from is not in the swarm, or not any more.
    private mutating func sourceIsGone(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        switch transfers[index].stage {
        case .asked, .opening, .fetching, .proving: failTransfer(index, .notThere, &effects)
        case .idle, .sharing, .finishing, .done, .failed: break
        }
    }

    /// What we own under another name, or fetch already, is not fetched again.
    private mutating func shares(
        _ index: Int, _ content: ContentID, _ want: WantNumber,
        _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        var isHere = share.owned.contains { $0.content == content }
        if !isHere, let other = transferOfContent[content] {
            switch transfers[other].stage {
            case .opening, .fetching, .proving:
                transfers[index].stage = .sharing(with: other)
                return true
            case .finishing: isHere = true
            // Where a user may remove what he has, the store is asked whether it is here.
            case .done: isHere = !rules.isLive
            case .idle, .asked, .sharing, .failed: break
            }
        }
        guard isHere else { return false }
        transfers[index].stage = .finishing
        effects.append(.finish(content, want))
        return true
    }

    private mutating func openManifest(
        _ index: Int, _ content: ContentID, _ manifest: Descriptor,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        let bytes = effects.tail { $0.append(contentsOf: manifest.manifest) }
        guard let nested = manifest.nestedContent else {
            return effects.append(.open(content, manifest: bytes))
        }
        var inner = Transfer(purpose: .manifest(of: index))
        inner.content = nested
        inner.members = transfers[index].members
        inner.stage = .opening
        // Wants and transfers go by the same numbers.
        if rules.isLive { share.wants.append(share.wants[index]) }
        transferOfContent[nested] = transfers.count
        transfers.append(inner)
        effects.append(.open(nested, manifest: bytes))
    }

    /// Whether what the store measured fits on its disk, beside what others of this host need.
    mutating func settled(
        _ content: ContentID, _ isGranted: Bool, taken: ByteCount,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].stage == .opening,
            !transfers[index].isSettled
        else { return }
        transfers[index].isSettled = true
        effects.append(.settle(content, isGranted: isGranted, taken: taken))
    }

    /// The store has read a manifest, or says that it is none.
    mutating func opened(
        _ content: ContentID, _ opened: OpenedContent?, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].stage == .opening else {
            return
        }
        fedAt = now
        guard let opened else { return failTransfer(index, .unknown, &effects) }
        transfers[index].begin(opened)
        if case .want = transfers[index].purpose, opened.isWanted || opened.isDry {
            totals.needed += opened.missing
            totals.toCopy += opened.toCopy
        }
        let pieces = opened.geometry.pieceCount
        transfers[index].origin =
            rules.picker == .roundRobin ? Int(rank.raw) % peerCount * pieces / peerCount : 0
        if case .want = transfers[index].purpose {
            tell(.began(content, held: opened.held.count), &effects)
        }
        effects.append(
            .tell(.contentOpened(content, opened.geometry, held: confirmed(opened))))
        confirmNext(index, &effects)
        informHeir(of: index, &effects)
        tellRole(index, &effects)
        addMembers(index, effects: &effects)
        if transfers[index].queued.isEmpty || !opened.isWanted {
            piecesAreHere(index, &effects)
        } else if !opened.held.isEmpty, case .want = transfers[index].purpose {
            tellHeld(index, &effects)
        }
    }

    mutating func swarmUnknown(
        _ want: WantNumber, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        let index = want.position
        guard index < share.wants.count, isExpected(index), transfers[index].stage == .asked
        else { return }
        failTransfer(index, .unknown, &effects)
    }

    mutating func lost(
        _ content: ContentID, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], !transfers[index].isOver else { return }
        branches.losses += 1
        failTransfer(index, .lost, &effects)
    }
}
