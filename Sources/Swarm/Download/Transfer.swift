package import Vocabulary
package import Wire

/// The fetching of one content: either what a want needs, or the manifest that another transfer
/// waits for.
///
///     idle → asked → (manifest →) fetching → (proving →) finishing → done
///            asked → sharing → finishing; failed from anywhere
///
/// Invariant: a piece is had, in flight or queued, in exactly one of the three.
package struct Transfer: Sendable {
    package enum Stage: Equatable, Sendable {
        case idle
        /// The tracker was asked who has it.
        case asked
        /// Its manifest is being read, or fetched by the transfer of that number.
        case opening
        case fetching
        /// All pieces are here; whether they are the publisher's is being found out.
        case proving
        /// Another transfer fetches the same content, and answers for both.
        case sharing(with: Int)
        /// All pieces are here; the store is naming the file.
        case finishing
        case done
        case failed(FailureReason)
    }

    package enum Purpose: Equatable, Sendable {
        case want(WantNumber)
        /// The manifest of that transfer's content.
        case manifest(of: Int)
    }

    package let purpose: Purpose
    package internal(set) var stage = Stage.idle
    package internal(set) var content: ContentID?
    package internal(set) var geometry: Geometry?
    package private(set) var have = PieceSet(none: 0)
    package private(set) var queued = PieceSet(none: 0)
    package private(set) var inFlightCount = 0
    /// The queued pieces by how many sources, seeds apart, hold them.
    var rarity = RarityOrder(none: 0)
    /// Seeds in the order first seen, then whoever else turned up.
    var sources: [SourceRow] = []
    /// The ranks of `sources`.
    private(set) var roster = Roster()
    /// What they hold, a row each.
    private(set) var holdings = PieceTable(pieceCount: 0)
    /// Who is in the swarm, until the geometry is known and they can be sources.
    var members = MemberList(seeds: [], peers: [])
    /// Where round robin begins: peers begin at different places, so that from the start they
    /// have what others lack.
    var origin = 0
    /// The source that is asked first in the next round.
    var turn = 0
    /// Sources that let us ask.
    private(set) var openCount = 0
    /// Some source may have become of interest to us, or ceased to be.
    var interestDue: [Int] = []
    /// Something changed since sources were last asked for pieces.
    var isFillable = true
    /// Covers the pieces that were announced and then found wrong, until the sources know.
    private var retracted: Range<Int>?
    /// When another source may be asked for a piece that one is late with, though nothing happens.
    var looksAgainAt = Tick.zero
    /// Sources that offer have offered nothing for too long: they are asked.
    var asksDirectly = false
    /// Somebody did not answer since the tracker was last asked who lives.
    var isInDoubt = false
    /// Pieces that came since the last proof of life.
    private(set) var recentPieces = 0
    /// About when the last one came.
    private var fedAt = Tick.zero
    /// A source lost a piece that it had, so that nobody may have it.
    var isBereaved = false
    /// Whether the tracker has named the members since there was nothing more to ask for; nil
    /// where it was not asked.
    var membersAreFresh: Bool?
    /// How often it was asked for that since the last proof of life: a false seed would have us ask
    /// without end.
    var freshAsks = 0
    static let freshAsksMax = 8
    /// What was missing when it was last reported as certain.
    var certainFingerprint: UInt64?
    /// How long pieces take, from any source.
    var timing = Timing()
    /// How it becomes certain that the pieces are the publisher's.
    var proof = Proof()
    /// How it becomes known what of it others may have.
    var confirmation = Confirmation()
    /// What it needs of its disk, where others of this host may need it too, and whether it was
    /// told that there is room or not.
    var need: RoomNeed?
    var isSettled = false
    /// Whether the rest is fetched: else what is here is served and no more.
    private(set) var isWanted = true
    /// Whether what is here is compared with what the publisher has, though nothing is fetched.
    private(set) var isCompared = false
    /// Whether we see where it comes from, and can read what nobody sends any more.
    private(set) var standsBy = false
    var piecesSinceUpdate = 0
    var hasUpdated = false
    /// The user's order that it is for.
    var order: GetOrder?
    /// Answers of the tracker that are still to come.
    var answersDue = 0

    init(purpose: Purpose) { self.purpose = purpose }

    package var isOver: Bool {
        switch stage {
        case .done, .failed: true
        case .idle, .asked, .opening, .fetching, .proving, .sharing, .finishing: false
        }
    }

    mutating func begin(_ opened: OpenedContent) {
        let pieceCount = opened.geometry.pieceCount
        precondition(opened.held.capacity == pieceCount, "the pieces of another content are here")
        geometry = opened.geometry
        proof = Proof(opened)
        confirmation = Confirmation(opened)
        isWanted = opened.isWanted
        isCompared = opened.isCompared
        standsBy = opened.standsBy
        have = opened.held
        holdings = PieceTable(pieceCount: pieceCount)
        queued = PieceSet(all: pieceCount)
        rarity = RarityOrder(all: pieceCount)
        var next = have.first()
        while let piece = next {
            queued.remove(piece)
            rarity.remove(piece)
            next = have.first(from: piece.position + 1)
        }
        stage = .fetching
    }

    /// Those that offer know best what to send next, so they are asked only when nothing has come
    /// for longer than pieces take.
    mutating func reviewHunger(now: Tick, patienceMin: Duration, first: Duration) {
        if recentPieces > 0 || stage != .fetching { fedAt = now }
        recentPieces = 0
        asksDirectly = now - fedAt >= max(patienceMin, timing.latest ?? first)
    }

    // MARK: Pieces

    mutating func took(_ piece: PieceIndex) {
        queued.remove(piece)
        rarity.remove(piece)
        inFlightCount += 1
    }

    mutating func gaveBack(_ piece: PieceIndex) {
        inFlightCount -= 1
        queued.insert(piece)
        rarity.insert(piece)
        isFillable = true
    }

    mutating func got(_ piece: PieceIndex) {
        inFlightCount -= 1
        have.insert(piece)
        recentPieces += 1
        for place in sources.indices where holdings.contains(piece, in: place) {
            sources[place].useful -= 1
            if sources[place].useful == 0 { interestDue.append(place) }
        }
    }

    /// It is not what it should be.
    mutating func lost(_ piece: PieceIndex) {
        guard have.remove(piece) else { return }
        let range = piece.position..<piece.position + 1
        retracted =
            retracted.map {
                min($0.lowerBound, range.lowerBound)..<max($0.upperBound, range.upperBound)
            } ?? range
        queued.insert(piece)
        rarity.insert(piece)
        isFillable = true
        for place in sources.indices where holdings.contains(piece, in: place) {
            sources[place].useful += 1
            interestDue.append(place)
        }
    }

    /// What has to be announced again, once.
    mutating func takeRetracted() -> Range<Int>? {
        defer { retracted = nil }
        return retracted
    }

    // MARK: Sources

    /// A newcomer takes turns with the others; it need not catch up with them first.
    mutating func addSource(_ rank: Rank, isSeed: Bool, stance: Stance) {
        var source = SourceRow(rank: rank, isSeed: isSeed, stance: stance)
        source.asked = sources.map(\.asked).min() ?? 0
        source.useful = isSeed ? have.capacity - have.count : 0
        sources.append(source)
        roster.append(rank)
        holdings.appendRow(isFull: isSeed)
        if stance == .open { openCount += 1 }
        interestDue.append(sources.count - 1)
    }

    mutating func removeSource(_ place: Int) {
        forgetHolds(place)
        turn(place, to: .choked)
        sources.remove(at: place)
        roster.remove(at: place)
        holdings.removeRow(place)
        interestDue = Array(sources.indices)
    }

    mutating func noteHolds(_ place: Int, _ piece: PieceIndex) {
        guard holdings.insert(piece, in: place) else { return }
        if !have.contains(piece) {
            sources[place].useful += 1
            if sources[place].useful == 1 { interestDue.append(place) }
        }
        if !sources[place].isSeed { rarity.raise(piece) }
        isFillable = true
    }

    mutating func noteHolds(_ place: Int, _ pieces: PieceSet) {
        var next = holdings.first(of: pieces, notIn: place)
        while let piece = next {
            noteHolds(place, piece)
            next = holdings.first(from: piece.position + 1, of: pieces, notIn: place)
        }
    }

    /// The source does not have what it was believed to have.
    mutating func noteLost(_ place: Int, _ piece: PieceIndex) {
        if holdings.contains(piece, in: place) && !have.contains(piece) { isBereaved = true }
        noteLacks(place, piece)
    }

    private mutating func noteLacks(_ place: Int, _ piece: PieceIndex) {
        guard holdings.remove(piece, in: place) else { return }
        if !have.contains(piece) {
            sources[place].useful -= 1
            if sources[place].useful == 0 { interestDue.append(place) }
        }
        if !sources[place].isSeed { rarity.lower(piece) }
    }

    mutating func forgetHolds(_ place: Int) {
        let held = holdings.pieces(in: place)
        var next = held.first()
        while let piece = next {
            noteLacks(place, piece)
            next = held.first(from: piece.position + 1)
        }
    }

    mutating func turn(_ place: Int, to stance: Stance) {
        if sources[place].stance == .open { openCount -= 1 }
        if stance == .open { openCount += 1 }
        sources[place].stance = stance
        sources[place].answered()
        sources[place].isAwaited = false
        interestDue.append(place)
        isFillable = true
    }

    /// Whoever has not answered by now has no turn any more.
    mutating func awaitNobody() {
        for place in sources.indices { sources[place].isAwaited = false }
    }

    mutating func distrust(_ place: Int) {
        sources[place].isDistrusted = true
        interestDue.append(place)
    }
}
