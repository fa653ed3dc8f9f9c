import Vocabulary
import Wire

/// What our own disk does not give back. While the tracker takes us for a seed, nobody who waits
/// for that piece is ever told that it is lost.
extension Downloader {
    mutating func pieceLost(of content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        switch stage {
        case .waiting, .running, .done: break
        // Where users come and go, it is not to be told of when we are in again.
        case .joining, .leaving, .away: guard rules.isLive else { return }
        case .over: return
        }
        for file in share.owned
        where file.content == content || file.manifest.nestedContent == content {
            let geometry = file.geometry
            withdraw(file.name, file.content, pieceCount: geometry.pieceCount, &effects)
        }
        for file in fetched where file.content == content {
            withdraw(file.name, content, pieceCount: file.pieceCount, &effects)
        }
        fetched.removeAll { $0.content == content }
        for transfer in transfers where transfer.content == content {
            var outer = transfer
            if case .manifest(of: let parent) = transfer.purpose { outer = transfers[parent] }
            guard case .want(let want) = outer.purpose, let content = outer.content else {
                continue
            }
            switch outer.stage {
            // It is no seed yet, and will not become one.
            case .opening, .fetching, .proving:
                if !withdrawn.contains(content) { withdrawn.append(content) }
            case .finishing, .done, .failed:
                // It may have been one before it failed.
                guard let geometry = outer.geometry, outer.have.isFull else { continue }
                let name = share.wants[want.position]
                withdraw(name, content, pieceCount: geometry.pieceCount, &effects)
            case .idle, .asked, .sharing: break
            }
        }
    }

    /// Gone as a seed, and back as one who has nearly all of it and wants nothing.
    private mutating func withdraw(
        _ name: RelativePath, _ content: ContentID, pieceCount: Int,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard !withdrawn.contains(content) else { return }
        withdrawn.append(content)
        if rules.isLive { share.described.removeAll { $0.content == content } }
        // Who is not in has not told of it, and will not.
        switch stage {
        case .waiting, .running, .done: break
        case .joining, .leaving, .away, .over: return effects.append(.tell(.contentGone(content)))
        }
        branches.withdrawals += 1
        let entry = effects.tail { FileListEntry.gone(name, content).write(to: &$0) }
        let gone = TrackerMessage.fileListUpdate(page: 0, entries: 1, isLast: true)
        effects.append(.send(.tracker(gone), entry, to: rules.tracker))
        // Where a user removed it, nothing of it is here.
        guard !rules.isLive else { return effects.append(.tell(.contentGone(content))) }
        let back = TrackerMessage.peerUpdate(content, held: UInt32(pieceCount - 1))
        effects.append(.send(.tracker(back), .none, to: rules.tracker))
        effects.append(.send(.tracker(.gaveUp(content)), .none, to: rules.tracker))
    }
}
