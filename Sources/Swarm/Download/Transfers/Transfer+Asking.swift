import Vocabulary
import Wire

/// Decides which source is asked next, and which sources learn of interest or its end.
extension Transfer {
    /// The next source in turn that may be asked; nil if none may.
    mutating func nextToAsk(now: Tick) -> SourceIndex? {
        guard sources.openCount > 0 || pace.asksDirectly else { return nil }
        for _ in 0..<sources.count {
            let place = sources.nextTurn()
            if mayAsk(place, now: now) { return place }
        }
        return nil
    }

    private func mayAsk(_ place: SourceIndex, now: Tick) -> Bool {
        guard sources[place].useful > 0, sources[place].outstanding < sources[place].window,
            sources[place].mayAnswer(now: now)
        else { return false }
        // Usually all pieces of the source were requested from others, and this check is quicker
        // than the picker's.
        guard board.queued.isEmpty || sources.first(of: board.queued, at: place) != nil
        else { return false }
        switch sources[place].stance {
        case .open: return true
        // A source that makes offers is asked only when none come, and then for one piece.
        case .offering: return pace.asksDirectly && board.inFlightCount == 0
        case .choked: return false
        }
    }

    /// Sends changes of interest: a source is of interest while it holds pieces that are missing
    /// here.
    mutating func reviewInterest(_ effects: inout Effects<DownloaderEffect>) {
        guard let content else { return }
        while let (source, isInterested) = sources.nextInterest(isFetching: stage == .fetching) {
            let message: UploadMessage =
                isInterested ? .interested(content) : .notInterested(content)
            effects.append(.send(.upload(message), .none, to: source))
        }
    }
}
