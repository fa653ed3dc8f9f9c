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
    package internal(set) var have = PieceSet(none: 0)
    package internal(set) var queued = PieceSet(none: 0)
    package internal(set) var inFlightCount = 0
    /// Seeds in the order first seen, then whoever else turned up.
    var sources: [SourceRow] = []
    /// Who is in the swarm, until the geometry is known and they can be sources.
    var members = MemberList(seeds: [], peers: [])
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
        stage = .fetching
    }

    func sourceIndex(of rank: Rank) -> Int? { sources.firstIndex { $0.rank == rank } }

    /// A source by its rank, made if it is new. What it holds can only grow here.
    mutating func noteSource(_ rank: Rank, holds pieces: PieceSet) {
        if let index = sourceIndex(of: rank) {
            sources[index].holds.formUnion(pieces)
        } else {
            var source = SourceRow(rank: rank, holds: pieces)
            // A newcomer takes turns with the others; it need not catch up with them first.
            source.asked = sources.map(\.asked).min() ?? 0
            sources.append(source)
        }
    }

    /// Round robin: of those that hold the piece and can be asked, the one that was asked for the
    /// fewest so far; among equals the one at *i mod n*. With only seeds as sources that spreads
    /// a file evenly over them, to the piece, and a partial holder takes its turn for just what
    /// it has without sending its share to one seed.
    func roundRobinSource(of piece: PieceIndex, now: Tick, badPiecesMax: Int) -> Int? {
        var chosen: Int?
        for step in sources.indices {
            let index = (piece.position + step) % sources.count
            guard sources[index].canGive(piece, now, badPiecesMax) else { continue }
            guard let best = chosen, sources[best].asked <= sources[index].asked else {
                chosen = index
                continue
            }
        }
        return chosen
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
        precondition(
            have.count + queued.count + inFlightCount == geometry.pieceCount,
            "a piece is in two states, or in none")
    }
}

extension SourceRow {
    fileprivate func canGive(_ piece: PieceIndex, _ now: Tick, _ badPiecesMax: Int) -> Bool {
        holds.contains(piece) && snubbedUntil <= now && badPieces < badPiecesMax
    }
}
