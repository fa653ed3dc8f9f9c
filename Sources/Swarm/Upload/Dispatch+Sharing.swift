import Vocabulary
import Wire

/// Sends to several receivers at once, where links receive no faster than they send.
extension Dispatch {
    var sharesLinks: Bool { pace.sharesLinks }

    func freeSends(now: Tick) -> Int {
        activeMax - sends.takenCount(of: audience.links, now: now)
    }

    /// Whether a request for an offered piece comes too late, because other receivers have taken
    /// all sends meanwhile. If it waited, its receiver would keep a place for nothing.
    func isTooLate(offer: UInt32, to link: Int, now: Tick) -> Bool {
        sharesLinks && offer != 0 && !audience.links[link].isSlow && freeSends(now: now) <= 0
    }

    /// Withdraws the offers that wait when no send is left for them: receivers that keep them must
    /// not count on them.
    mutating func withdrawOffers(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard sharesLinks, !offers.isEmpty, freeSends(now: now) <= 0 else { return }
        let links = audience.links
        while let offer = offers.takeLast(where: { $0.mayWait && !links[$0.link].isSlow }) {
            ended(offer)
            let message = DownloadMessage.offerWithdrawn(
                audience.contents[offer.content].content, number: offer.number)
            effects.append(.send(.download(message), .none, to: links[offer.link].rank))
        }
    }

    /// Notes sends that are not over although they should be, without waiting for their ends.
    mutating func noteOverruns(now: Tick) {
        guard pace.watchesSharing else { return }
        for byteCount in sends.noteOverruns(now: now) {
            pace.noteShortSend(of: byteCount, turnaround: offers.turnaround)
        }
    }
}
