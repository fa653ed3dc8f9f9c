import Vocabulary
import Wire

/// Sends that never seem to end. The death of a receiver may go unreported, and a send that has
/// begun cannot be cancelled: its row stays in the table, but takes no slot, and its link is choked
/// until the payload has left after all.
extension Dispatch {
    mutating func noteStuckSends(
        now: Tick, isServing: Bool, _ effects: inout Effects<UploaderEffect>
    ) {
        var isAnyNew = false
        for row in sends.indices
        where sends[row].stage == .sending && !sends[row].isStuck
            && sends[row].timing.stuckAt <= now
        {
            sends[row].isStuck = true
            sends[row].isSlow = false
            audience.links[sends[row].link].stuckSends += 1
            isAnyNew = true
        }
        if isAnyNew { chokeStuck(isServing, &effects) }
        reopen(isServing, &effects)
    }

    private mutating func chokeStuck(
        _ isServing: Bool, _ effects: inout Effects<UploaderEffect>
    ) {
        for link in audience.links.indices
        where audience.links[link].isStuck && !audience.links[link].isChoked {
            audience.links[link].isChoked = true
            if isServing {
                effects.append(.send(.download(.choke), .none, to: audience.links[link].rank))
            }
            refuseWaiting(of: link, .choked, &effects)
            dropOffers(to: link)
        }
    }

    mutating func noteUnstuck(_ link: Int) {
        audience.links[link].stuckSends -= 1
        if !audience.links[link].isStuck { unstuck.append(link) }
    }

    /// Unchokes links that are no longer stuck. If a choker decides, its next review does that.
    private mutating func reopen(
        _ isServing: Bool, _ effects: inout Effects<UploaderEffect>
    ) {
        guard !unstuck.isEmpty else { return }
        for link in unstuck
        where isServing && !audience.choker.chokesNewcomers && !audience.links[link].isStuck {
            audience.links[link].isChoked = false
            let message = DownloadMessage.unchoke(offers: audience.isOffering)
            effects.append(.send(.download(message), .none, to: audience.links[link].rank))
        }
        unstuck.removeAll(keepingCapacity: true)
    }
}
