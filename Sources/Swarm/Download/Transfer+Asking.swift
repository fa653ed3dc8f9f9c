import Vocabulary
import Wire

/// Whose turn it is to be asked, and who is to be told that it is of interest.
extension Transfer {
    /// The next source in turn that may be asked; nil when none may.
    mutating func nextToAsk(now: Tick) -> Int? {
        guard openCount > 0 || asksDirectly else { return nil }
        for _ in sources.indices {
            turn = turn < sources.count ? turn : 0
            let place = turn
            turn += 1
            if mayAsk(place, now: now) { return place }
        }
        return nil
    }

    private func mayAsk(_ place: Int, now: Tick) -> Bool {
        guard sources[place].useful > 0, sources[place].outstanding < sources[place].window,
            sources[place].mayAnswer(now: now)
        else { return false }
        // Mostly others were asked for all that it has: the picker would take longer to see it.
        guard queued.isEmpty || holdings.first(of: queued, in: place) != nil else { return false }
        switch sources[place].stance {
        case .open: return true
        // Whoever offers is asked only when no offers come, and then for one piece.
        case .offering: return asksDirectly && inFlightCount == 0
        case .choked: return false
        }
    }

    /// The next source that has to be told whether it is of interest, and notes that it was.
    mutating func nextInterest() -> (source: Rank, isInterested: Bool)? {
        guard stage == .fetching else {
            // Nobody is any more.
            interestDue.removeAll()
            for place in sources.indices {
                if let change = change(of: place) { return change }
            }
            return nil
        }
        while let place = interestDue.popLast() {
            if let change = change(of: place) { return change }
        }
        return nil
    }

    private mutating func change(of place: Int) -> (source: Rank, isInterested: Bool)? {
        let isInterested =
            stage == .fetching && sources[place].useful > 0 && !sources[place].isDistrusted
        guard isInterested != sources[place].isTold, isInterested || !learnsByItself(place)
        else { return nil }
        sources[place].isTold = isInterested
        return (roster[place], isInterested)
    }

    /// Whoever offers knows from what we announce that it has nothing for us just now, and is told
    /// of our interest once: else two messages would go for nearly every piece of every source.
    private func learnsByItself(_ place: Int) -> Bool {
        stage == .fetching && sources[place].stance == .offering && !sources[place].isDistrusted
    }
}
