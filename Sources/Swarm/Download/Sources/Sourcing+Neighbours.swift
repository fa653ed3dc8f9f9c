import Vocabulary
import Wire

/// Handles messages of neighbours about their pieces, and about requests that they accept.
extension Sourcing {
    /// Makes the members of a swarm its sources.
    mutating func addMembers(
        _ index: TransferIndex, effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].stage == .fetching, transfers[index].content != nil else { return }
        let members = transfers[index].sources.members
        for (ranks, isSeed) in [(members.seeds, rules.believesSeeds), (members.peers, false)] {
            for member in ranks where member != rank && transfers.maySend(index, member) {
                if let place = transfers[index].sources.place(of: member) {
                    transfers[index].named(place, isSeed: isSeed, &effects)
                    continue
                }
                guard isSeed || transfers[index].sources.count < rules.neighboursMax
                else { continue }
                meet(index, member, isSeed: isSeed, &effects)
            }
        }
        transfers[index].membersAreMet()
    }

    private mutating func meet(
        _ index: TransferIndex, _ member: Rank, isSeed: Bool,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.tell(.met(member), &effects)
        let outstanding = exchange.requests.underWay(index, at: member)
        transfers[index].meet(
            member, isSeed: isSeed, outstanding: outstanding, window: rules.windowMin, &effects)
    }

    /// Makes a rank that asks for this one's pieces a source, and asks whether it serves this rank.
    mutating func introduced(
        _ member: Rank, _ pieces: PieceSet, _ content: ContentID, isLast: Bool,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content), transfers[index].stage == .fetching,
            pieces.capacity == transfers[index].board.have.capacity, member != rank,
            transfers.maySend(index, member)
        else { return }
        if transfers[index].sources.place(of: member) == nil {
            guard transfers[index].sources.count < rules.neighboursMax * 2 else { return }
            meet(index, member, isSeed: false, &effects)
        }
        guard let place = transfers[index].sources.place(of: member) else { return }
        transfers[index].sources[place].spoke()
        transfers[index].meetAgain(place, &effects)
        transfers[index].noteHolds(place, pieces)
        // The source's answer to this rank's own query may be empty: it may not have known the
        // content then.
        if isLast { transfers[index].sources[place].hasSaid = true }
    }

    mutating func bitfield(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ stance: Stance,
        _ tail: RawSpan, from source: Rank, effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transfers.index(of: content), transfers[index].geometry != nil,
            let place = transfers[index].sources.place(of: source)
        else { return }
        var pieces = PieceSet(none: transfers[index].board.have.capacity)
        try pieces.insert(bits: tail, first: first, count: count)
        journal.note(stance, by: source, &effects)
        transfers[index].said(pieces, in: Int(first)..<Int(first + count), stance, place)
        // The uploader is informed even if the neighbour holds nothing yet: the neighbour has to
        // learn which pieces arrive here.
        effects.append(.tell(.neighbourHolds(source, pieces, of: content)))
    }

    /// Handles an announcement. The content may have no transfer here because this rank owns it.
    mutating func neighbourGot(
        _ content: ContentID, _ count: UInt32, _ tail: RawSpan, from source: Rank,
        isOwned: Bool, effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        // An owned content has no transfer here; the uploader knows its number of pieces.
        var pieceCount = Geometry.pieceCountMax
        var place: SourceIndex?
        let index = transfers.index(of: content)
        if let index, let geometry = transfers[index].geometry {
            pieceCount = geometry.pieceCount
            place = transfers[index].sources.place(of: source)
            if let place { transfers[index].sources[place].spoke() }
        }
        try tail.checkPieces(count: count, below: pieceCount)
        // A manifest that is fetched as a content of its own is no file.
        let isWatched = rules.tellsHappenings && (index.map { transfers[$0].isFile } ?? isOwned)
        var pieces = PieceHandful()
        for number in 0..<Int(count) {
            let piece = tail.piece(at: number)
            if let index, let place { transfers[index].noteHolds(place, piece) }
            if isWatched { journal.tell(.have(piece, of: content, at: source), &effects) }
            pieces.append(piece)
            guard pieces.isFull || number + 1 == Int(count) else { continue }
            effects.append(.tell(.neighbourGot(source, pieces, of: content)))
            pieces = PieceHandful()
        }
    }

    /// Handles a choke or unchoke. A neighbour that chokes this rank also refuses the requests that
    /// it has not acknowledged.
    mutating func turned(
        _ stance: Stance, by source: Rank, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.note(isOpen: stance == .open, by: source, now: now)
        journal.note(stance, by: source, &effects)
        if stance == .choked { exchange.bids.remove(by: source) }
        for index in transfers.indices {
            guard let place = transfers[index].sources.place(of: source) else { continue }
            transfers[index].turn(place, to: stance)
        }
    }

    mutating func neighbourLeft(_ source: Rank, _ effects: inout Effects<DownloaderEffect>) {
        exchange.sourceLeft(source, &effects)
        effects.append(.tell(.neighbourGone(source)))
    }
}
