import Vocabulary
import Wire

/// Withdraws contents that this rank's disk can no longer read. While the tracker takes this rank
/// for a seed, no rank that waits for a lost piece learns that it is lost.
extension Completion {
    mutating func pieceLost(
        of content: ContentID, at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        switch stage {
        case .waiting, .running, .done: break
        // In a standing job, a rank that comes back must not list the content again.
        case .joining, .leaving, .away: guard rules.kind.isStanding else { return }
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
            // This rank does not seed the content yet, and never will.
            case .opening, .fetching, .proving: _ = inventory.withdraw(content)
            case .finishing, .done, .failed:
                // The transfer may have been complete before it failed.
                guard let geometry = transfers[outer].geometry,
                    transfers[outer].board.have.isFull
                else { continue }
                let file = Share.Gone(name: transfers.name(of: want), content: content)
                withdraw([(file, geometry.pieceCount)], at: stage, &effects)
            case .idle, .asked, .sharing: break
            }
        }
    }

    /// Withdraws this rank as a seed, and lists it again as a peer that lacks a piece and wants
    /// nothing. All files have one content.
    private mutating func withdraw(
        _ files: [(file: Share.Gone, pieceCount: Int)], at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let (first, pieceCount) = files.first, inventory.withdraw(first.content) else {
            return
        }
        let content = first.content
        if rules.kind.isStanding { inventory.undescribe(content) }
        // A rank that is not in the swarm has not listed the content, and will not.
        switch stage {
        case .waiting, .running, .done: break
        case .joining, .leaving, .away, .over: return effects.append(.tell(.contentGone(content)))
        }
        journal.branches.withdrawals += 1
        var pages = Pages<FileListEntry>()
        for (file, _) in files { pages.append(.gone(file.name, content)) }
        journal.reportUpdate(pages, &effects)
        // A user may have removed the file, so nothing of it is here.
        guard !rules.kind.isStanding else { return effects.append(.tell(.contentGone(content))) }
        journal.report(.peerUpdate(content, held: UInt32(pieceCount - 1)), &effects)
        journal.report(.gaveUp(content), &effects)
    }
}
