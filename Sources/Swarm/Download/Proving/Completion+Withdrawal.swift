import Vocabulary
import Wire

/// What our own disk does not give back. While the tracker takes us for a seed, no rank that waits
/// for that piece ever hears that it is lost.
extension Completion {
    mutating func pieceLost(
        of content: ContentID, at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        switch stage {
        case .waiting, .running, .done: break
        // Where users come and go, it is not to be announced when we are in again.
        case .joining, .leaving, .away: guard rules.isLive else { return }
        case .over: return
        }
        withdraw(inventory.files(of: content), at: stage, &effects)
        inventory.forgetFetched(content)
        for index in transfers.indices where transfers[index].content == content {
            let outer = transfers.outer(of: index)
            guard case .want(let want) = transfers[outer].purpose,
                let content = transfers[outer].content
            else { continue }
            switch transfers[outer].stage {
            // It is no seed yet, and will not become one.
            case .opening, .fetching, .proving: _ = inventory.withdraw(content)
            case .finishing, .done, .failed:
                // It may have been one before it failed.
                guard let geometry = transfers[outer].geometry,
                    transfers[outer].board.have.isFull
                else { continue }
                let file = Share.Gone(name: transfers.name(of: want), content: content)
                withdraw([(file, geometry.pieceCount)], at: stage, &effects)
            case .idle, .asked, .sharing: break
            }
        }
    }

    /// Gone as a seed, and back as one who has nearly all of it and wants nothing. All of these are
    /// of one content.
    private mutating func withdraw(
        _ files: [(file: Share.Gone, pieceCount: Int)], at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let (first, pieceCount) = files.first, inventory.withdraw(first.content) else {
            return
        }
        let content = first.content
        if rules.isLive { inventory.undescribe(content) }
        // A rank that is not in has not announced it, and will not.
        switch stage {
        case .waiting, .running, .done: break
        case .joining, .leaving, .away, .over: return effects.append(.tell(.contentGone(content)))
        }
        journal.branches.withdrawals += 1
        var pages = Pages<FileListEntry>()
        for (file, _) in files { pages.append(.gone(file.name, content)) }
        journal.reportUpdate(pages, &effects)
        // Where a user removed it, nothing of it is here.
        guard !rules.isLive else { return effects.append(.tell(.contentGone(content))) }
        journal.report(.peerUpdate(content, held: UInt32(pieceCount - 1)), &effects)
        journal.report(.gaveUp(content), &effects)
    }
}
