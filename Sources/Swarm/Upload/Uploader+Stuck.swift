import Vocabulary
import Wire

/// Sends that never seem to end. Nobody says that a receiver has died, and what was begun cannot
/// be called off: it stays in the table, but holds no slot, and its link is choked until the
/// payload has left after all.
extension Uploader {
    func sendPatience(of byteCount: Int) -> Duration {
        guard let usual = outflow.usual else {
            return max(rules.sendPatienceMax, firstSendPatience(of: byteCount) * 8)
        }
        return max(rules.sendPatienceMax, .seconds(Double(byteCount) / usual * 8))
    }

    /// Taken for slow too early, the first send would share the link with others that are no
    /// quicker, and all of them would take as many times as long.
    func firstSendPatience(of byteCount: Int) -> Duration {
        max(rules.firstSendPatience, .seconds(byteCount / rules.firstRateMin))
    }

    mutating func noteStuckSends(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        var isAnyNew = false
        for row in sends.indices
        where sends[row].stage == .sending && !sends[row].isStuck && sends[row].stuckAt <= now {
            sends[row].isStuck = true
            sends[row].isSlow = false
            links[sends[row].link].stuckSends += 1
            isAnyNew = true
        }
        if isAnyNew { chokeStuck(&effects) }
        reopen(&effects)
    }

    private mutating func chokeStuck(_ effects: inout Effects<UploaderEffect>) {
        for link in links.indices where links[link].isStuck && !links[link].isChoked {
            links[link].isChoked = true
            if stage == .serving {
                effects.append(.send(.download(.choke), .none, to: links[link].rank))
            }
            refuseWaiting(of: link, .choked, &effects)
            dropOffers(to: link)
        }
    }

    mutating func noteUnstuck(_ link: Int) {
        links[link].stuckSends -= 1
        if !links[link].isStuck { unstuck.append(link) }
    }

    /// Where it is the choker who decides, they wait for its next review.
    private mutating func reopen(_ effects: inout Effects<UploaderEffect>) {
        guard !unstuck.isEmpty else { return }
        for link in unstuck
        where stage == .serving && !choker.chokesNewcomers && !links[link].isStuck {
            links[link].isChoked = false
            let message = DownloadMessage.unchoke(offers: isOffering)
            effects.append(.send(.download(message), .none, to: links[link].rank))
        }
        unstuck.removeAll(keepingCapacity: true)
    }
}
