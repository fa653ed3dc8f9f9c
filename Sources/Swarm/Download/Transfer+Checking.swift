import Vocabulary
import Wire

extension Transfer {
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
        precondition(sources.count { $0.stance == .open } == openCount, "open sources drifted")
        precondition(roster.count == sources.count, "the sources' ranks drifted")
        precondition(
            sources.indices.allSatisfy { roster[$0] == sources[$0].rank }, "a source's rank drifted"
        )
        for place in sources.indices {
            precondition(
                sources[place].useful == holdings.pieces(in: place).count(notIn: have),
                "a source's use drifted")
        }
        for piece in (0..<geometry.pieceCount).map({ PieceIndex($0) }) {
            let holders = sources.indices.count {
                !sources[$0].isSeed && holdings.contains(piece, in: $0)
            }
            precondition(rarity.number(of: piece) == holders, "availability drifted")
        }
    }
}
