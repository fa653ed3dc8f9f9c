import Vocabulary
import Wire

/// How other ranks become sources, and what they say of what they hold.
extension Transfer {
    /// The newcomer is asked what it has, which subscribes us to each other and says whether it
    /// serves us. A source that left and came again may still be sending what it was asked before.
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
        isFillable = true
        effects.query(board.have, content, at: member)
    }

    /// What it knew of us went with it.
    mutating func meetAgain(_ place: SourceIndex, _ effects: inout Effects<DownloaderEffect>) {
        guard let content, sources[place].hasLeft else { return }
        sources[place].hasLeft = false
        sources[place].isTold = false
        effects.query(board.have, content, at: sources.rank(of: place))
    }

    /// The tracker names a source again.
    mutating func named(
        _ place: SourceIndex, isSeed: Bool, _ effects: inout Effects<DownloaderEffect>
    ) {
        meetAgain(place, &effects)
        // While others may answer, a source that did not answer is left in peace.
        if board.inFlightCount == 0 { sources[place].silences = 0 }
        guard isSeed, sources[place].stance != .choked else { return }
        noteHolds(place, PieceSet(all: board.have.capacity))
    }

    /// All that the tracker names have been met.
    mutating func membersAreMet() {
        inquiry.isInDoubt = false
        isFillable = true
        for place in sources.indices {
            let isMember = sources.members.contains(sources.rank(of: place))
            sources[place].told(isMember: isMember)
        }
    }

    /// A source offers nothing to a receiver that it believes to hold everything, so one that
    /// found announced pieces wrong says again what it holds.
    mutating func retract(_ effects: inout Effects<DownloaderEffect>) {
        guard let range = board.takeRetracted(), let content else { return }
        for place in sources.indices
        where !sources[place].hasLeft && !sources[place].hasVanished {
            effects.query(board.have, in: range, content, at: sources.rank(of: place))
        }
    }

    /// Neighbours do not announce pieces that we have too. A rank that is about to leave has to
    /// know.
    func askOnceMore(_ effects: inout Effects<DownloaderEffect>) {
        guard let content else { return }
        for place in sources.indices {
            let source = sources[place]
            guard !source.isSeed && !source.hasLeft && !source.hasVanished else { continue }
            effects.query(board.have, content, at: sources.rank(of: place))
        }
    }

    /// What a source said of itself, from one piece to another.
    mutating func said(
        _ pieces: PieceSet, in range: Range<Int>, _ stance: Stance, _ place: SourceIndex
    ) {
        // The source may have lost what it had.
        for piece in range where !pieces.contains(PieceIndex(piece)) {
            noteLost(place, PieceIndex(piece))
        }
        noteHolds(place, pieces)
        if !range.isEmpty, range.upperBound == pieces.capacity { sources[place].hasSaid = true }
        isFillable = true
        turn(place, to: stance)
    }

    /// Nothing is on its way, and no source that may be asked has what is missing.
    var hasNothingToAskFor: Bool {
        stage == .fetching && board.inFlightCount == 0 && !board.queued.isEmpty
            && sources.list.allSatisfy {
                $0.useful == 0 || $0.isDistrusted || $0.hasVanished
            }
    }

    /// Every member has said what it holds, and it is nothing that is missing here.
    func areMembersUseless(to rank: Rank) -> Bool {
        (sources.members.seeds + sources.members.peers).allSatisfy { member in
            guard member != rank else { return true }
            guard let place = sources.place(of: member) else { return false }
            let source = sources[place]
            return source.hasSaid && !source.hasLeft && !source.hasVanished
                && (source.useful == 0 || source.isDistrusted)
        }
    }
}
