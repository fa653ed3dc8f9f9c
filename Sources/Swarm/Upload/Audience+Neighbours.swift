import Vocabulary
import Wire

/// Neighbours: the pieces they hold and want, and the announcements to them.
extension Audience {
    mutating func link(of rank: Rank) -> Int {
        if let link = roster.place(of: rank) { return link }
        links.append(LinkRow(rank: rank, isChoked: choker.chokesNewcomers))
        roster.append(rank)
        return links.count - 1
    }

    mutating func meet(_ rank: Rank, _ index: Int, holds pieces: PieceSet) {
        guard pieces.capacity == contents[index].geometry.pieceCount else { return }
        contents[index].noteNeighbour(rank, link: link(of: rank), holds: pieces)
    }

    /// Notes a new piece of this rank, and what the rank that sent it has given.
    mutating func stored(
        _ piece: PieceIndex, _ index: Int, _ byteCount: Int, from source: Rank
    ) {
        if let link = place(of: source) { links[link].received += byteCount }
        _ = contents[index].stored(piece)
    }

    /// Notes new pieces of a neighbour. Returns true if something may be done now, because another
    /// neighbour may come first.
    mutating func noteGot(
        _ pieces: PieceHandful, of content: ContentID, by rank: Rank
    ) -> Bool {
        guard let index = indexOfContent[content],
            let place = contents[index].roster.place(of: rank)
        else { return false }
        let hoarderCount = contents[index].firstCopies.hoarderCount
        for number in 0..<pieces.count { contents[index].got(place, pieces[number]) }
        return contents[index].firstCopies.hoarderCount != hoarderCount
    }

    /// A rank has introduced itself.
    mutating func met(_ rank: Rank, _ effects: inout Effects<UploaderEffect>) {
        _ = link(of: rank)
        tell(.met(rank), &effects)
    }

    mutating func queried(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ tail: RawSpan, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        met(rank, &effects)
        let link = link(of: rank)
        guard let index = indexOfContent[content] else {
            // The content is unknown here so far. Once it is opened, this rank asks in turn, and is
            // introduced.
            let nothing = DownloadMessage.bitfield(
                content, first: 0, count: 0, stance: stance(to: link))
            return effects.append(.send(.download(nothing), .none, to: rank))
        }
        var pieces = PieceSet(none: contents[index].geometry.pieceCount)
        try pieces.insert(bits: tail, first: first, count: count)
        meet(rank, index, holds: pieces)
        takeBack(Int(first)..<Int(first) + Int(count), but: pieces, index, rank)
        let isLast = count > 0 && Int(first) + Int(count) == pieces.capacity
        effects.append(.tell(.introduced(rank, pieces, of: content, isLast: isLast)))
        sendBitfield(index, first: Int(first), count: Int(count), to: link, &effects)
    }

    private func sendBitfield(
        _ index: Int, first: Int, count: Int, to link: Int,
        _ effects: inout Effects<UploaderEffect>
    ) {
        let held = contents[index].held
        let bits = effects.tail { $0.writeBits(of: held, first: first, count: count) }
        let message = DownloadMessage.bitfield(
            contents[index].content, first: UInt32(first), count: UInt32(count),
            stance: stance(to: link))
        effects.append(.send(.download(message), bits, to: links[link].rank))
    }

    /// Announces that a piece is lost, so that neighbours look for another source at once.
    func announceLoss(
        of piece: PieceIndex, _ index: Int, _ effects: inout Effects<UploaderEffect>
    ) {
        // A page of bits begins with a whole byte.
        let first = piece.position / 8 * 8
        let count = min(8, contents[index].geometry.pieceCount - first)
        for neighbour in contents[index].neighbours {
            sendBitfield(index, first: first, count: count, to: neighbour.link, &effects)
        }
    }

    /// Removes pieces that a neighbour no longer holds: its query names all pieces it holds in that
    /// range. A receiver that found a piece wrong asks again, and only then is the piece offered to
    /// it.
    private mutating func takeBack(
        _ range: Range<Int>, but pieces: PieceSet, _ index: Int, _ rank: Rank
    ) {
        guard let place = contents[index].roster.place(of: rank) else { return }
        for position in range where !pieces.contains(PieceIndex(position)) {
            contents[index].lacks(place, PieceIndex(position))
        }
    }

    /// Whether a neighbour that passes nothing on has to wait, because others lack pieces and take
    /// them as fast as it does.
    func mustWait(_ place: Int, in index: Int, now: Tick) -> Bool {
        guard contents[index].comesLast(place) else { return false }
        let content = contents[index]
        let isSlow = links[content.neighbours[place].link].isSlow
        return content.neighbours.indices.contains { other in
            let neighbour = content.neighbours[other]
            let link = links[neighbour.link]
            return neighbour.isAwaiting && !content.comesLast(other)
                && !link.isChoked && (isSlow || !link.isSlow) && link.restsUntil <= now
        }
    }

    private func stance(to link: Int) -> Stance {
        links[link].isChoked ? .choked : isOffering ? .offering : .open
    }

    /// Whether this rank decides which neighbour gets which piece, instead of letting them ask.
    var isOffering: Bool {
        switch rules.serving {
        case .onRequest: false
        case .cooperative: true
        case .titForTat: rules.offersWhatItOwns && contents.allSatisfy(\.isOwned)
        }
    }

    private func isOffered(_ index: Int) -> Bool {
        rules.serving == .cooperative && contents[index].geometry.carriesBytes
    }

    mutating func setInterest(_ content: ContentID, _ isInterested: Bool, of rank: Rank) {
        guard let index = indexOfContent[content],
            let place = contents[index].roster.place(of: rank),
            contents[index].neighbours[place].isInterested != isInterested
        else { return }
        contents[index].setInterest(place, isInterested)
        links[contents[index].neighbours[place].link].interests += isInterested ? 1 : -1
        choker.interestChanged()
    }

    /// The neighbour may know this rank's pieces from the other thread, and its interest may arrive
    /// before its own pieces are known here. It sends its interest only once, so it must not be
    /// lost.
    mutating func becameInterested(_ rank: Rank, in content: ContentID, isOpen: Bool) {
        guard let index = indexOfContent[content] else {
            let early = EarlyInterest(content: content, rank: rank)
            guard earlyInterests.count < Self.earlyInterestsMax, !earlyInterests.contains(early)
            else { return }
            return earlyInterests.append(early)
        }
        if contents[index].roster.place(of: rank) == nil, isOpen {
            meet(rank, index, holds: PieceSet(none: contents[index].geometry.pieceCount))
        }
        setInterest(content, true, of: rank)
    }

    mutating func lostInterest(_ rank: Rank, in content: ContentID) {
        earlyInterests.removeAll { $0 == EarlyInterest(content: content, rank: rank) }
        setInterest(content, false, of: rank)
    }

    /// Applies messages about a content that came before it was open here.
    mutating func answerEarly(
        _ content: ContentID, isOpen: Bool, _ effects: inout Effects<UploaderEffect>
    ) {
        answerEarlyTableRequests(of: content, &effects)
        noteEarlyInterests(in: content, isOpen: isOpen)
    }

    private mutating func noteEarlyInterests(in content: ContentID, isOpen: Bool) {
        guard earlyInterests.contains(where: { $0.content == content }) else { return }
        let early = earlyInterests.filter { $0.content == content }
        earlyInterests.removeAll { $0.content == content }
        for interest in early { becameInterested(interest.rank, in: content, isOpen: isOpen) }
    }

    static let earlyInterestsMax = 256

    func tell(_ happening: Happening, _ effects: inout Effects<UploaderEffect>) {
        if rules.tellsHappenings { effects.append(.happened(happening)) }
    }

    /// Sends the new pieces of this step to each neighbour in one message, or holds them back.
    mutating func announce(_ effects: inout Effects<UploaderEffect>) {
        for index in contents.indices where contents[index].hasNews {
            for place in contents[index].neighbours.indices {
                let news = contents[index].news(
                    for: place, untoldMax: rules.untoldMax,
                    isDecidedByOffers: isOffered(index)
                        || links[contents[index].neighbours[place].link].offers)
                for start in stride(
                    from: news.startIndex, to: news.endIndex, by: Self.piecesPerHaveMax)
                {
                    let some = news[start..<min(start + Self.piecesPerHaveMax, news.endIndex)]
                    let tail = effects.tail { $0.write(some) }
                    let message = DownloadMessage.have(
                        contents[index].content, count: UInt32(some.count))
                    let rank = contents[index].roster[place]
                    effects.append(.send(.download(message), tail, to: rank))
                }
            }
            contents[index].newsIsOut()
        }
    }

    private static let piecesPerHaveMax = 4096

    /// Removes a rank from all contents, and returns its link.
    mutating func forget(_ rank: Rank) -> Int? {
        earlyInterests.removeAll { $0.rank == rank }
        guard let link = roster.place(of: rank) else { return nil }
        for index in contents.indices {
            setInterest(contents[index].content, false, of: rank)
            guard let place = contents[index].roster.place(of: rank) else { continue }
            contents[index].removeNeighbour(place)
        }
        return link
    }
}
