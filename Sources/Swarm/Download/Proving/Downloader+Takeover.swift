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
        guard let index = transferOfContent[content], !transfers[index].isOver,
            transfers[index].proof.publisher != nil, transfers[index].proof.seal == nil
        else { return }
        transfers[index].proof.publisher = heir
        if heir == rank {
            branches.successions += 1
            effects.append(.publish(content))
        }
        guard transfers[index].stage == .proving else { return }
        piecesAreHere(index, &effects)
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
