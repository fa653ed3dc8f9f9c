import Vocabulary
import Wire

/// When who published a content, or read it from where it comes from, is gone.
extension Downloader {
    /// What the tracker has to know to find another rank. A publisher that shares the reading with
    /// other ranks can read their part too.
    func tellRole(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content else { return }
        if transfers[index].proof.publisher == rank {
            effects.append(.send(.tracker(.publishes(content)), .none, to: rules.tracker))
        }
        if transfers[index].standsBy {
            effects.append(.send(.tracker(.standsBy(content)), .none, to: rules.tracker))
        }
    }

    /// Every piece was verified by a digest that came from the publisher, over however many ranks:
    /// who has all of them can say the same as it would have said.
    mutating func publisherChanged(
        _ content: ContentID, _ heir: Rank, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].proof.publisher != nil,
            transfers[index].proof.publisher != heir
        else { return }
        guard heir != rank || transfers[index].proof.seal == nil else {
            return vouch(index, &effects)
        }
        guard !transfers[index].isOver else { return }
        transfers[index].proof.publisher = heir
        if heir == rank {
            branches.successions += 1
            effects.append(.publish(content))
        }
        guard transfers[index].stage == .proving else { return }
        piecesAreHere(index, &effects)
    }

    /// The publisher is gone after its seal, and this rank or another one needs the table. If all
    /// pieces are here and the digest of our table is the seal, our table is the publisher's. What
    /// was in place and believed has to be digested for that.
    private mutating func vouch(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content, transfers[index].have.isFull else { return }
        switch transfers[index].stage {
        case .proving, .finishing, .done: break
        case .idle, .asked, .opening, .fetching, .sharing, .failed: return
        }
        transfers[index].proof.isWitness = true
        effects.append(.publish(content))
    }

    func readRest(of content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transferOfContent[content], transfers[index].standsBy,
            transfers[index].stage == .fetching || isOnlyStandIn(index)
        else { return }
        effects.append(.readRest(content))
    }

    /// Keeps no copy, and had nothing to do so far.
    private func isOnlyStandIn(_ index: Int) -> Bool {
        transfers[index].stage == .done && !transfers[index].isWanted
    }

    /// What nobody is asked for any more is read here.
    mutating func restIsHere(
        _ content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content],
            transfers[index].stage == .fetching || isOnlyStandIn(index)
        else { return }
        branches.standIns += 1
        while let piece = transfers[index].queued.first() {
            transfers[index].took(piece)
            transfers[index].got(piece)
            effects.append(.tell(.pieceConfirmed(piece, of: content)))
        }
        guard transfers[index].stage == .fetching else {
            return effects.append(
                .send(.tracker(.fileCompleted(content)), .none, to: rules.tracker))
        }
        if !transfers[index].have.isFull { tellHeld(index, &effects) }
        progressed(index, &effects)
    }
}
