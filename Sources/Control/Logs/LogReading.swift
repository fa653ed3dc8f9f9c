import Content
import Vocabulary

/// One peer's log, as far as it has been read, and the rules that it breaks by itself.
///
/// From whom it may download is a state for each neighbour: choked at first, then as its own lines
/// say; what was asked for before a choke may still come, and that is one piece.
struct LogReading {
    enum Standing: Equatable {
        case choked
        case open
        /// Choked, and one piece may be on its way.
        case closing
    }

    /// The lines in which this log first reports that its peer connected to that neighbour, and was
    /// connected from it.
    struct Neighbour {
        var connects: Int?
        var isConnected: Int?
        var standing = Standing.choked

        /// The line of the first connection.
        var line: Int? { [connects, isConnected].compactMap { $0 }.min() }
    }

    /// Sentences without which a rule cannot be checked: a program may log them in its own words.
    struct Sentences: OptionSet {
        let rawValue: Int
        static let connects = Sentences(rawValue: 1)
        static let isConnected = Sentences(rawValue: 2)
        static let isUnchoked = Sentences(rawValue: 4)
        static let isComplete = Sentences(rawValue: 8)
    }

    let peer: PeerID
    let terms: LogTerms
    private let isSeed: Bool?
    /// A rule each, in the order in which they were broken first.
    private(set) var breaches: [LogBreach] = []
    /// Every peer that it mentions, up to `neighboursMax`.
    private(set) var neighbours: [PeerID: Neighbour] = [:]
    private let neighboursMax: Int
    /// Whether it mentions more of them.
    private(set) var hasMoreNeighbours = false
    private(set) var sentences: Sentences = []
    private(set) var pieceCount = 0
    private(set) var lineCount = 0
    /// Lines that hold a sentence.
    private(set) var readCount = 0
    private(set) var unreadCount = 0
    private var completedAt: Int?
    /// Set after a piece whose sentence did not say how many there are now.
    private var awaitsCount = false
    private var pieces = LogPieces()

    init(of peer: PeerID, _ terms: LogTerms, neighboursMax: Int) {
        self.peer = peer
        self.terms = terms
        self.neighboursMax = neighboursMax
        isSeed = terms.listing(of: peer)?.hasFile
    }

    /// A line without anything in it.
    mutating func passBlank() { lineCount += 1 }

    mutating func passUnread() {
        lineCount += 1
        unreadCount += 1
    }

    mutating func read(_ line: LogLine) {
        lineCount += 1
        readCount += 1
        if let owner = line.peer, owner != peer { return flaw(.ofAnotherPeer(owner)) }
        note(line.event)
    }

    private mutating func note(_ event: LogEvent) {
        switch event {
        case .connects(let other): connects(to: other)
        case .isConnected(let other): isConnected(from: other)
        case .prefers(let others): preferred(others)
        case .isUnchoked(let other):
            sentences.insert(.isUnchoked)
            mention(other) { $0.standing = .open }
        case .isChoked(let other):
            mention(other) { if $0.standing == .open { $0.standing = .closing } }
        case .heard(let piece, let other):
            mention(other) { _ in }
            checkPiece(piece)
        case .downloaded(let piece, let other, let count):
            downloaded(piece, from: other)
            awaitsCount = count == nil
            if let count { checkCount(count) }
        case .holds(let count):
            if awaitsCount { checkCount(count) }
            awaitsCount = false
        case .isComplete: completed()
        case .continues(let count):
            if pieceCount > 0 { flaw(.continuedLate) }
            pieceCount = count
        case .servesInTurn(let other), .interested(let other), .uninterested(let other):
            mention(other) { _ in }
        }
    }

    private mutating func mention(_ other: PeerID, _ change: (inout Neighbour) -> Void) {
        if other == peer { flaw(.aboutItself) }
        if terms.peers != nil, !terms.isListed(other) { flaw(.unknownPeer(other)) }
        guard neighbours[other] != nil || neighbours.count < neighboursMax else {
            hasMoreNeighbours = true
            return
        }
        change(&neighbours[other, default: Neighbour()])
    }

    private mutating func connects(to other: PeerID) {
        sentences.insert(.connects)
        if neighbours[other]?.line != nil { flaw(.connectedTwice(other)) }
        let line = lineCount
        mention(other) { $0.connects = $0.connects ?? line }
    }

    private mutating func isConnected(from other: PeerID) {
        sentences.insert(.isConnected)
        if neighbours[other]?.line != nil { flaw(.connectedTwice(other)) }
        let line = lineCount
        mention(other) { $0.isConnected = $0.isConnected ?? line }
    }

    private mutating func preferred(_ others: [PeerID]) {
        for other in others { mention(other) { _ in } }
        if let most = terms.preferredMax, others.count > most {
            flaw(.tooManyPreferred(others.count, most: most))
        }
        guard others.count > 1 else { return }
        let sorted = others.sorted()
        for (a, b) in zip(sorted, sorted.dropFirst()) where a == b { flaw(.preferredTwice(a)) }
    }

    private mutating func checkPiece(_ piece: Int) {
        if let count = terms.pieceCount, piece >= count { flaw(.noSuchPiece(piece, count: count)) }
    }

    private mutating func downloaded(_ piece: Int, from other: PeerID) {
        checkPiece(piece)
        if isSeed == true { flaw(.bySeed) }
        if completedAt != nil { flaw(.afterTheEnd) }
        if !pieces.insert(piece) { flaw(.downloadedTwice(piece)) }
        var standing = Standing.open
        mention(other) { neighbour in
            standing = neighbour.standing
            if standing == .closing { neighbour.standing = .choked }
        }
        if standing == .choked { flaw(.whileChoked(by: other)) }
        pieceCount += 1
    }

    /// Goes on from what the log says, so that a count that is wrong once is one breach.
    private mutating func checkCount(_ count: Int) {
        if count != pieceCount { flaw(.wrongCount(count, expected: pieceCount)) }
        pieceCount = count
    }

    private mutating func completed() {
        sentences.insert(.isComplete)
        if completedAt != nil { return flaw(.completeTwice) }
        completedAt = lineCount
        if let total = terms.pieceCount, isSeed != true, pieceCount != total {
            flaw(.completeTooEarly(pieceCount, of: total))
        }
    }

    /// Ends the log itself, and frees the state that only its own lines need.
    mutating func close() {
        pieces = LogPieces()
        guard let own = terms.listing(of: peer)?.position else { return }
        for (other, neighbour) in neighbours {
            guard let theirs = terms.listing(of: other)?.position, let line = neighbour.line
            else { continue }
            let isRight = own > theirs ? neighbour.connects : neighbour.isConnected
            if isRight == nil { flaw(.connectedWrongWay(other), at: line) }
        }
    }

    /// Whether a missing sentence means something: in a log in another language it does not.
    var isTelling: Bool { readCount > 0 || unreadCount == 0 }

    /// `total` is the number of pieces that every peer must have at the end. If no list names the
    /// peers that had the file, a peer that downloads nothing had it.
    mutating func checkEnd(total: Int) {
        if isSeed ?? (pieceCount == 0) { return }
        guard let completedAt else { return flaw(.incomplete) }
        if terms.pieceCount == nil, pieceCount != total {
            flaw(.completeTooEarly(pieceCount, of: total), at: completedAt)
        }
    }

    /// For a rule that turns out not to be checkable.
    mutating func forget(_ kind: LogRule.Kind) {
        breaches.removeAll { $0.first.rule.kind == kind }
    }

    mutating func flaw(_ rule: LogRule, at line: Int? = nil) {
        let flaw = LogFlaw(peer: peer, line: line ?? lineCount, rule: rule)
        let kind = rule.kind
        if let index = breaches.firstIndex(where: { $0.first.rule.kind == kind }) {
            breaches[index].add(flaw)
        } else {
            breaches.append(LogBreach(flaw))
        }
    }
}
