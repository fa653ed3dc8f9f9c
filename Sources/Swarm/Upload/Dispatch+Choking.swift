import Vocabulary
import Wire

/// Ranks and contents that are no longer served, and the ranks that are served instead.
extension Dispatch {
    mutating func reviewChoking(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard audience.choker.nextReview <= now else { return }
        let isComplete = audience.contents.allSatisfy(\.held.isFull)
        let (preferred, optimistic) = (audience.choker.preferred, audience.choker.optimistic)
        guard
            let served = audience.choker.review(
                &audience.links, isComplete: isComplete, now: now, chance: &audience.chance)
        else { return }
        if rules.tellsHappenings { audience.reportChoice(after: preferred, optimistic, &effects) }
        for link in audience.links.indices {
            let isChoked = !served.contains(link) || audience.links[link].isStuck
            guard isChoked != audience.links[link].isChoked else { continue }
            audience.links[link].isChoked = isChoked
            let rank = audience.links[link].rank
            guard isChoked else {
                let message = DownloadMessage.unchoke(offers: audience.isOffering)
                effects.append(.send(.download(message), .none, to: rank))
                continue
            }
            effects.append(.send(.download(.choke), .none, to: rank))
            // Sends under way are finished; a request that waits is refused and can go elsewhere.
            refuseWaiting(of: link, .choked, &effects)
            dropOffers(to: link)
        }
    }

    mutating func forget(_ rank: Rank, _ effects: inout Effects<UploaderEffect>) {
        guard let link = audience.forget(rank) else { return }
        refuseWaiting(of: link, .cancelled, &effects)
        dropOffers(to: link)
    }

    /// Sends under way are finished; requests that wait are refused.
    mutating func withdraw(_ content: ContentID, _ effects: inout Effects<UploaderEffect>) {
        guard let index = audience.index(of: content) else { return }
        for row in sends.indices.reversed()
        where sends[row].content == index && sends[row].stage != .sending {
            refuse(row, .noSuchContent, &effects)
        }
        audience.withdraw(index)
    }

    /// Informs all neighbours that this rank serves no more requests.
    mutating func dismissAll(_ effects: inout Effects<UploaderEffect>) {
        for link in audience.links.indices {
            refuseWaiting(of: link, .shuttingDown, &effects)
            dropOffers(to: link)
            effects.append(.send(.download(.gone), .none, to: audience.links[link].rank))
        }
    }
}
