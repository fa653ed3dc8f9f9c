import Vocabulary
import Wire

/// What neighbours hold, and whether they can be asked for it.
extension Downloader {
    /// Members become sources. Each is asked what it has, which subscribes us to each other and
    /// says whether it serves us.
    mutating func addMembers(_ index: Int, effects: inout Effects<DownloaderEffect>) {
        guard transfers[index].stage == .fetching, let content = transfers[index].content
        else { return }
        let members = transfers[index].members
        for (ranks, isSeed) in [(members.seeds, rules.believesSeeds), (members.peers, false)] {
            for member in ranks where member != rank && maySend(index, member) {
                if let place = transfers[index].roster.place(of: member) {
                    if transfers[index].sources[place].hasLeft {
                        meetAgain(index, place, content, &effects)
                    }
                    // While others may answer, who did not answer is left in peace.
                    if transfers[index].inFlightCount == 0 {
                        transfers[index].sources[place].silences = 0
                    }
                    if isSeed { noteSeed(index, place) }
                    continue
                }
                guard isSeed || transfers[index].sources.count < rules.neighboursMax
                else { continue }
                meet(index, member, isSeed: isSeed, content, &effects)
            }
        }
        transfers[index].isInDoubt = false
        transfers[index].isFillable = true
        for place in transfers[index].sources.indices {
            let isMember = members.contains(transfers[index].roster[place])
            transfers[index].sources[place].told(isMember: isMember)
        }
    }

    private mutating func noteSeed(_ index: Int, _ place: Int) {
        guard transfers[index].sources[place].stance != .choked else { return }
        transfers[index].noteHolds(place, PieceSet(all: transfers[index].have.capacity))
    }

    private mutating func meet(
        _ index: Int, _ member: Rank, isSeed: Bool, _ content: ContentID,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].addSource(member, isSeed: isSeed, stance: .choked)
        // Who left and came again may still be sending what it was asked before.
        let last = transfers[index].sources.count - 1
        transfers[index].sources[last].isAwaited = isSeed
        transfers[index].sources[last].window = windowMin
        transfers[index].sources[last].outstanding = requests.count {
            $0.transfer == index && $0.source == member && $0.isUnderWay
        }
        transfers[index].isFillable = true
        tell(.met(member), &effects)
        query(transfers[index].have, member, content, &effects)
    }

    /// What it knew of us went with it.
    private mutating func meetAgain(
        _ index: Int, _ place: Int, _ content: ContentID,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].sources[place].hasLeft = false
        transfers[index].sources[place].isTold = false
        let member = transfers[index].sources[place].rank
        query(transfers[index].have, member, content, &effects)
    }

    private func query(
        _ have: PieceSet, in range: Range<Int>? = nil, _ member: Rank, _ content: ContentID,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        let range = range ?? 0..<have.capacity
        // A page begins with a whole byte of bits.
        var first = range.lowerBound / 8 * 8
        repeat {
            let count = min(BitPage.pieceCountMax, range.upperBound - first)
            let tail = effects.tail { $0.writeBits(of: have, first: first, count: count) }
            let message = UploadMessage.piecesQuery(
                content, first: UInt32(first), count: UInt32(count))
            effects.append(.send(.upload(message), tail, to: member))
            first += count
        } while first < range.upperBound
    }

    /// A source offers nothing to a receiver that it believes to hold everything, so one that
    /// found announced pieces wrong says again what it holds.
    mutating func retract(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let range = transfers[index].takeRetracted(), let content = transfers[index].content
        else { return }
        for (place, source) in transfers[index].sources.enumerated()
        where !source.hasLeft && !source.hasVanished {
            query(
                transfers[index].have, in: range, transfers[index].roster[place], content,
                &effects)
        }
    }

    /// Neighbours do not tell what they got of what we have too. Who is about to leave has to know.
    func askOnceMore(_ effects: inout Effects<DownloaderEffect>) {
        for transfer in transfers {
            guard let content = transfer.content else { continue }
            for (place, source) in transfer.sources.enumerated()
            where !source.isSeed && !source.hasLeft && !source.hasVanished {
                query(transfer.have, transfer.roster[place], content, &effects)
            }
        }
    }

    /// Whoever owns everything asks for nothing, so others would not hear of it unless they ask.
    mutating func greet(_ effects: inout Effects<DownloaderEffect>) {
        for member in rules.greets where member != rank {
            tell(.met(member), &effects)
            for own in share.owned {
                query(
                    PieceSet(all: own.geometry.pieceCount), member, own.content, &effects)
            }
        }
    }

    /// Whoever asks what we have is a source too; what it thinks of us it has to be asked.
    mutating func introduced(
        _ member: Rank, _ pieces: PieceSet, _ content: ContentID,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].stage == .fetching,
            pieces.capacity == transfers[index].have.capacity, member != rank,
            maySend(index, member)
        else { return }
        if transfers[index].roster.place(of: member) == nil {
            guard transfers[index].sources.count < rules.neighboursMax * 2 else { return }
            meet(index, member, isSeed: false, content, &effects)
        }
        guard let place = transfers[index].roster.place(of: member) else { return }
        transfers[index].sources[place].spoke()
        if transfers[index].sources[place].hasLeft { meetAgain(index, place, content, &effects) }
        transfers[index].noteHolds(place, pieces)
    }

    mutating func bitfield(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ stance: Stance,
        _ tail: RawSpan, from source: Rank, effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transferOfContent[content], transfers[index].geometry != nil,
            let place = transfers[index].roster.place(of: source)
        else { return }
        var pieces = PieceSet(none: transfers[index].have.capacity)
        try pieces.insert(bits: tail, first: first, count: count)
        // The source may have lost what it had.
        for piece in Int(first)..<Int(first + count) where !pieces.contains(PieceIndex(piece)) {
            transfers[index].noteLost(place, PieceIndex(piece))
        }
        transfers[index].noteHolds(place, pieces)
        if count > 0, Int(first + count) == pieces.capacity {
            transfers[index].sources[place].hasSaid = true
        }
        transfers[index].isFillable = true
        note(stance, by: source, &effects)
        transfers[index].turn(place, to: stance)
        // Also when it holds nothing yet: it wants to hear what we get.
        effects.append(.tell(.neighbourHolds(source, pieces, of: content)))
    }

    mutating func neighbourGot(
        _ content: ContentID, _ count: UInt32, _ tail: RawSpan, from source: Rank,
        effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        // What we own has no transfer here; the uploader knows how many pieces there are.
        var pieceCount = Geometry.pieceCountMax
        var place: Int?
        let index = transferOfContent[content]
        if let index, let geometry = transfers[index].geometry {
            pieceCount = geometry.pieceCount
            place = transfers[index].roster.place(of: source)
            if let place { transfers[index].sources[place].spoke() }
        }
        try tail.checkPieces(count: count, below: pieceCount)
        let isWatched = isFile(index, content)
        var pieces = PieceHandful()
        for number in 0..<Int(count) {
            let piece = tail.piece(at: number)
            if let index, let place { transfers[index].noteHolds(place, piece) }
            if isWatched { tell(.have(piece, of: content, at: source), &effects) }
            pieces.append(piece)
            guard pieces.isFull || number + 1 == Int(count) else { continue }
            effects.append(.tell(.neighbourGot(source, pieces, of: content)))
            pieces = PieceHandful()
        }
    }

    /// It is wanted or owned, and no manifest that travels as a content of its own.
    private func isFile(_ index: Int?, _ content: ContentID) -> Bool {
        guard rules.tellsHappenings else { return false }
        guard let index else { return share.owned.contains { $0.content == content } }
        if case .want = transfers[index].purpose { return true }
        return false
    }

    /// A neighbour chokes us, or lets us ask. What it was asked before and does not promise it
    /// refuses by itself.
    mutating func turned(
        _ stance: Stance, by source: Rank, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        if rules.keepsChronicle { chronicle.note(isOpen: stance == .open, by: source, now: now) }
        note(stance, by: source, &effects)
        for index in transfers.indices {
            guard let place = transfers[index].roster.place(of: source) else { continue }
            transfers[index].turn(place, to: stance)
        }
    }

    private mutating func note(
        _ stance: Stance, by source: Rank, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard rules.tellsHappenings, (stance == .open) != openers.contains(source) else { return }
        if stance == .open {
            openers.append(source)
            tell(.unchoked(by: source), &effects)
        } else {
            openers.removeAll { $0 == source }
            tell(.choked(by: source), &effects)
        }
    }

    func tell(_ happening: Happening, _ effects: inout Effects<DownloaderEffect>) {
        if rules.tellsHappenings { effects.append(.happened(happening)) }
    }

    mutating func neighbourLeft(_ source: Rank, _ effects: inout Effects<DownloaderEffect>) {
        for row in requests.indices.reversed()
        where requests[row].source == source && requests[row].stage == .asked
            && requests[row].acknowledgedAt == nil
        {
            giveUp(row, &effects)
        }
        for index in transfers.indices {
            guard let place = transfers[index].roster.place(of: source) else { continue }
            // What it promised still comes; the row must be there to count it.
            if transfers[index].sources[place].outstanding == 0 {
                transfers[index].removeSource(place)
            } else {
                transfers[index].forgetHolds(place)
                transfers[index].turn(place, to: .choked)
                transfers[index].sources[place].hasLeft = true
            }
        }
        effects.append(.tell(.neighbourGone(source)))
    }

    /// Interest follows what they hold and we lack.
    mutating func reviewInterest(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content else { return }
        while let (source, isInterested) = transfers[index].nextInterest() {
            let message: UploadMessage =
                isInterested ? .interested(content) : .notInterested(content)
            effects.append(.send(.upload(message), .none, to: source))
        }
    }
}
