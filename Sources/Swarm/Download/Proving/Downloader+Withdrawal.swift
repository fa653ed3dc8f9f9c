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
        // Under all names that this rank has it by.
        var gone: [(Share.Gone, pieceCount: Int)] = []
        for file in share.owned
        where file.content == content || file.manifest.nestedContent == content {
            let geometry = file.geometry
            gone.append(
                (Share.Gone(name: file.name, content: file.content), geometry.pieceCount))
        }
        for file in fetched where file.content == content {
            gone.append((Share.Gone(name: file.name, content: content), file.pieceCount))
        }
        withdraw(gone, &effects)
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
                let file = Share.Gone(name: name, content: content)
                withdraw([(file, geometry.pieceCount)], &effects)
            case .idle, .asked, .sharing: break
            }
        }
    }

    /// Gone as a seed, and back as one who has nearly all of it and wants nothing. All of these are
    /// of one content.
    private mutating func withdraw(
        _ files: [(Share.Gone, pieceCount: Int)], _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let (first, pieceCount) = files.first, !withdrawn.contains(first.content) else {
            return
        }
        let content = first.content
        withdrawn.append(content)
        if rules.isLive { share.described.removeAll { $0.content == content } }
        // Who is not in has not told of it, and will not.
        switch stage {
        case .waiting, .running, .done: break
        case .joining, .leaving, .away, .over: return effects.append(.tell(.contentGone(content)))
        }
        branches.withdrawals += 1
        var pages = Pages<FileListEntry>()
        for (file, _) in files { pages.append(.gone(file.name, content)) }
        sendPages(&pages, &effects)
        // Where a user removed it, nothing of it is here.
        guard !rules.isLive else { return effects.append(.tell(.contentGone(content))) }
        let back = TrackerMessage.peerUpdate(content, held: UInt32(pieceCount - 1))
        effects.append(.send(.tracker(back), .none, to: rules.tracker))
        effects.append(.send(.tracker(.gaveUp(content)), .none, to: rules.tracker))
    }
}
