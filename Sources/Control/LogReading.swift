import Content

/// One peer's log, as far as it has been read, and the rules that it breaks by itself.
///
/// Whom it may download from is a state for each neighbour: choked at first, then as its own lines
/// say; what was asked for before a choke may still come, and that is one piece.
struct LogReading {
    enum Standing: Equatable {
        case choked
        case open
        /// Choked, and one piece may be on its way.
        case closing
    }

    let peer: PeerID
    private let terms: LogTerms
    private let isSeed: Bool?
    private(set) var flaws: [LogFlaw] = []
    /// The neighbours in the order of connecting, the line, and whether it was this one's doing.
    private(set) var connections: [(other: PeerID, line: Int, isOwn: Bool)] = []
    private(set) var pieceCount = 0
    private(set) var completedAt: Int?
    private(set) var lineCount = 0
    /// Every peer that it mentions, and where first.
    private(set) var mentions: [PeerID: Int] = [:]
    private var standings: [PeerID: Standing] = [:]
    private var pieces: Set<Int> = []

    init(of peer: PeerID, _ terms: LogTerms) {
        self.peer = peer
        self.terms = terms
        isSeed = terms.roster?.peers.first { $0.id == peer }?.hasFile
    }

    mutating func read(_ text: String) {
        lineCount += 1
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return }
        guard let line = LogLine(text) else { return flaw(.unreadable) }
        guard line.peer == peer else { return flaw(.ofAnotherPeer(line.peer)) }
        for other in line.event.others {
            if other == peer { flaw(.aboutItself) }
            if mentions[other] == nil { mentions[other] = lineCount }
            if let roster = terms.roster, !roster.peers.contains(where: { $0.id == other }) {
                flaw(.unknownPeer(other))
            }
        }
        note(line.event)
    }

    private mutating func note(_ event: LogEvent) {
        switch event {
        case .connects(let other): connected(with: other, isOwn: true)
        case .isConnected(let other): connected(with: other, isOwn: false)
        case .prefers(let others): preferred(others)
        case .isUnchoked(let other): standings[other] = .open
        case .isChoked(let other):
            if standings[other] == .open { standings[other] = .closing }
        case .heard(let piece, _): checkPiece(piece)
        case .downloaded(let piece, let other, let count):
            downloaded(piece, from: other, count: count)
        case .isComplete: completed()
        case .continues(let count):
            if pieceCount > 0 { flaw(.continuedLate) }
            pieceCount = count
        case .servesInTurn, .interested, .uninterested: break
        }
    }

    private mutating func connected(with other: PeerID, isOwn: Bool) {
        guard !connections.contains(where: { $0.other == other }) else {
            return flaw(.connectedTwice(other))
        }
        connections.append((other, lineCount, isOwn))
        guard let peers = terms.roster?.peers,
            let own = peers.firstIndex(where: { $0.id == peer }),
            let theirs = peers.firstIndex(where: { $0.id == other })
        else { return }
        if isOwn != (own > theirs) { flaw(.connectedWrongWay(other)) }
    }

    private mutating func preferred(_ others: [PeerID]) {
        if let most = terms.preferredMax, others.count > most {
            flaw(.tooManyPreferred(others.count, most: most))
        }
        for (index, other) in others.enumerated() where others[..<index].contains(other) {
            flaw(.preferredTwice(other))
        }
    }

    private mutating func checkPiece(_ piece: Int) {
        if let count = terms.pieceCount, piece >= count { flaw(.noSuchPiece(piece, count: count)) }
    }

    private mutating func downloaded(_ piece: Int, from other: PeerID, count: Int) {
        checkPiece(piece)
        if isSeed == true { flaw(.bySeed) }
        if completedAt != nil { flaw(.afterTheEnd) }
        if !pieces.insert(piece).inserted { flaw(.downloadedTwice(piece)) }
        switch standings[other] ?? .choked {
        case .open: break
        case .closing: standings[other] = .choked
        case .choked: flaw(.whileChoked(by: other))
        }
        pieceCount += 1
        if count != pieceCount { flaw(.wrongCount(count, expected: pieceCount)) }
    }

    private mutating func completed() {
        if completedAt != nil { return flaw(.completeTwice) }
        completedAt = lineCount
        if let total = terms.pieceCount, isSeed != true, pieceCount != total {
            flaw(.completeTooEarly(pieceCount, of: total))
        }
    }

    /// `total` is what every peer must have in the end. Where no list tells who had the file,
    /// whoever downloads nothing did.
    mutating func end(total: Int) {
        if isSeed ?? (pieceCount == 0) { return }
        guard let completedAt else { return flaw(.incomplete) }
        if terms.pieceCount == nil, pieceCount != total {
            flaws.append(
                LogFlaw(
                    peer: peer, line: completedAt,
                    rule: .completeTooEarly(pieceCount, of: total)))
        }
    }

    mutating func flaw(_ rule: LogRule, at line: Int? = nil) {
        flaws.append(LogFlaw(peer: peer, line: line ?? lineCount, rule: rule))
    }
}
