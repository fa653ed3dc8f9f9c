package import Vocabulary
package import Wire

/// The fetching of one content: either what a want needs, or the manifest that another transfer
/// waits for.
///
///     idle → asked → (manifest →) fetching → finishing → done; failed from anywhere
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
    private(set) var rarity = RarityOrder(none: 0)
    /// Seeds in the order first seen, then whoever else turned up.
    var sources: [SourceRow] = []
    /// The ranks of `sources`, close together: they are looked through for every message.
    private var sourceRanks: [Rank] = []
    /// Who is in the swarm, until the geometry is known and they can be sources.
    var members = MemberList(seeds: [], peers: [])
    /// Where round robin begins: peers begin at different places, so that from the start they
    /// have what others lack.
    var origin = 0
    /// The source that is asked first in the next round.
    var turn = 0
    /// Something changed since sources were last asked for pieces.
    var isFillable = true
    /// Sources that offer have offered nothing for too long: they are asked.
    var asksDirectly = false
    /// Pieces that came since the last proof of life.
    var recentPieces = 0
    /// How long pieces take, from any source.
    var timing = Timing()
    var piecesSinceUpdate = 0
    var hasUpdated = false

    init(purpose: Purpose) { self.purpose = purpose }

    package var isOver: Bool {
        switch stage {
        case .done, .failed: true
        case .idle, .asked, .opening, .fetching, .finishing: false
        }
    }

    mutating func begin(_ geometry: Geometry) {
        self.geometry = geometry
        have = PieceSet(none: geometry.pieceCount)
        queued = PieceSet(all: geometry.pieceCount)
        rarity = RarityOrder(all: geometry.pieceCount)
        stage = .fetching
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
        for place in sources.indices where sources[place].holds.contains(piece) {
            sources[place].useful -= 1
        }
    }

    // MARK: Sources

    func sourceIndex(of rank: Rank) -> Int? { sourceRanks.firstIndex(of: rank) }

    /// A newcomer takes turns with the others; it need not catch up with them first.
    mutating func addSource(_ rank: Rank, isSeed: Bool, stance: Stance) {
        let count = have.capacity
        let holds = isSeed ? PieceSet(all: count) : PieceSet(none: count)
        var source = SourceRow(rank: rank, holds: holds, isSeed: isSeed, stance: stance)
        source.asked = sources.map(\.asked).min() ?? 0
        source.useful = isSeed ? count - have.count : 0
        sources.append(source)
        sourceRanks.append(rank)
    }

    mutating func removeSource(_ place: Int) {
        forgetHolds(place)
        sources.remove(at: place)
        sourceRanks.remove(at: place)
    }

    mutating func noteHolds(_ place: Int, _ piece: PieceIndex) {
        guard sources[place].holds.insert(piece) else { return }
        if !have.contains(piece) { sources[place].useful += 1 }
        if !sources[place].isSeed { rarity.raise(piece) }
        isFillable = true
    }

    mutating func noteHolds(_ place: Int, _ pieces: PieceSet) {
        var next = pieces.first(notIn: sources[place].holds)
        while let piece = next {
            noteHolds(place, piece)
            next = pieces.first(from: piece.position + 1, notIn: sources[place].holds)
        }
    }

    mutating func noteLacks(_ place: Int, _ piece: PieceIndex) {
        guard sources[place].holds.remove(piece) else { return }
        if !have.contains(piece) { sources[place].useful -= 1 }
        if !sources[place].isSeed { rarity.lower(piece) }
    }

    mutating func forgetHolds(_ place: Int) {
        var next = sources[place].holds.first()
        while let piece = next {
            noteLacks(place, piece)
            next = sources[place].holds.first(from: piece.position + 1)
        }
    }

    /// Whether the queued piece can be asked of the source.
    func canAsk(_ piece: PieceIndex, of source: Int) -> Bool {
        sources[source].holds.contains(piece)
    }

    /// Tells sets of missing pieces apart: two peers with the same one lack the same pieces.
    var missingFingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var next = queued.first()
        while let piece = next {
            hash = (hash ^ UInt64(piece.raw)) &* 0x0000_0100_0000_01B3
            next = queued.first(from: piece.position + 1)
        }
        return hash
    }

    package func checkInvariants() {
        have.checkInvariants()
        queued.checkInvariants()
        guard let geometry else { return }
        rarity.checkInvariants()
        precondition(
            have.count + queued.count + inFlightCount == geometry.pieceCount,
            "a piece is in two states, or in none")
        precondition(rarity.count == queued.count, "the order is not of the queued pieces")
        precondition(sources.map(\.rank) == sourceRanks, "the sources' ranks drifted")
        for source in sources {
            precondition(
                source.useful == source.holds.count(notIn: have), "a source's use drifted")
        }
        for piece in (0..<geometry.pieceCount).map({ PieceIndex($0) }) {
            let holders = sources.count { !$0.isSeed && $0.holds.contains(piece) }
            precondition(rarity.number(of: piece) == holders, "availability drifted")
        }
    }
}
