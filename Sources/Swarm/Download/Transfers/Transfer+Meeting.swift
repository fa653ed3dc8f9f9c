import Vocabulary
import Wire

/// Makes other ranks sources, and notes the pieces that they report.
extension Transfer {
    /// Adds a source and asks it for its pieces, which subscribes both ranks to each other's
    /// announcements and returns whether it serves this rank. A source that left and came back may
    /// still be sending pieces that were requested before.
    mutating func meet(
        _ member: Rank, isSeed: Bool, outstanding: Int, window: Int,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content else { return }
        addSource(member, isSeed: isSeed, stance: .choked)
        let last = SourceIndex(sources.count - 1)
        sources[last].isAwaited = isSeed
        sources[last].window = window
        sources[last].outstanding = outstanding
        filling = .due
        effects.query(board.have, content, at: member)
    }

    /// Asks a source again that left and came back: it forgot this rank when it left.
    mutating func meetAgain(_ place: SourceIndex, _ effects: inout Effects<DownloaderEffect>) {
        guard let content, sources[place].hasLeft else { return }
        sources[place].hasLeft = false
        sources[place].isTold = false
        effects.query(board.have, content, at: sources.rank(of: place))
    }

    /// Handles a known source that the tracker has named again.
    mutating func named(
        _ place: SourceIndex, isSeed: Bool, _ effects: inout Effects<DownloaderEffect>
    ) {
        meetAgain(place, &effects)
        if isSeed, sources[place].trust == .suspended { trustAgain(place, &effects) }
        // While other sources may answer, one that did not answer is not asked.
        if board.inFlightCount == 0 { sources[place].silences = 0 }
        guard isSeed, sources[place].stance != .choked else { return }
        noteHolds(place, PieceSet(all: board.have.capacity))
    }

    /// The publisher's digests are here again, so that sources that contradicted them are asked
    /// again.
    private mutating func endContradictions(_ effects: inout Effects<DownloaderEffect>) {
        for place in sources.indices where sources[place].trust == .contradicting {
            trustAgain(place, &effects)
        }
    }

    /// Ends the comparison of a part of the table, and returns its pieces that were in doubt.
    mutating func heardPart(_ effects: inout Effects<DownloaderEffect>) -> [PieceIndex] {
        let pieces = proof.confirmation.compared()
        if !proof.confirmation.isContradicted { endContradictions(&effects) }
        return pieces
    }

    private mutating func trustAgain(
        _ place: SourceIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content, sources.trustAgain(place) else { return }
        filling = .due
        effects.query(board.have, content, at: sources.rank(of: place))
    }

    /// All members that the tracker named have been met.
    mutating func membersAreMet() {
        inquiry.isInDoubt = false
        filling = .due
        for place in sources.indices {
            let isMember = sources.members.contains(sources.rank(of: place))
            sources[place].told(isMember: isMember)
        }
    }

    /// Reports pieces as missing that were announced and then found wrong. A source offers nothing
    /// to a receiver that it believes to hold everything.
    mutating func retract(_ effects: inout Effects<DownloaderEffect>) {
        guard let range = board.takeRetracted(), let content else { return }
        for place in sources.indices
        where !sources[place].hasLeft && !sources[place].hasVanished {
            effects.query(board.have, in: range, content, at: sources.rank(of: place))
        }
    }

    /// Handles a source's report of the pieces that it holds in a range.
    mutating func said(
        _ pieces: PieceSet, in range: Range<Int>, _ stance: Stance, _ place: SourceIndex
    ) {
        // The source may have lost pieces that it had.
        for piece in range where !pieces.contains(PieceIndex(piece)) {
            noteLost(place, PieceIndex(piece))
        }
        noteHolds(place, pieces)
        if !range.isEmpty, range.upperBound == pieces.capacity { sources[place].hasSaid = true }
        filling = .due
        turn(place, to: stance)
    }

    /// Whether nothing is under way, and no source that may be asked has a missing piece.
    var hasNothingToAskFor: Bool {
        stage == .fetching && board.inFlightCount == 0 && !board.queued.isEmpty
            && sources.list.allSatisfy {
                $0.useful == 0 || $0.isGivenUp || $0.hasVanished
            }
    }

    /// Whether every member has reported its pieces, and none has a missing one.
    func areMembersUseless(to rank: Rank) -> Bool {
        (sources.members.seeds + sources.members.peers).allSatisfy { member in
            guard member != rank else { return true }
            guard let place = sources.place(of: member) else { return false }
            let source = sources[place]
            return source.hasSaid && !source.hasLeft && !source.hasVanished
                && (source.useful == 0 || source.isGivenUp)
        }
    }
}
