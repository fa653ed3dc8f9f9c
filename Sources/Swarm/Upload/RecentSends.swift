import Vocabulary

/// The last pieces of an owned content that this rank sent. Their bytes are still in memory, so a
/// source that sends one of them again does not read it again.
///
/// Invariant: `members` are the pieces in `pieces`, each of which stands there once.
struct RecentSends: Sendable {
    /// The oldest one is at `oldest` once there are `countMax` of them.
    private var pieces: [PieceIndex] = []
    private var members: PieceSet
    private var oldest = 0
    private let countMax: Int

    init(countMax: Int, of pieceCount: Int) {
        self.countMax = countMax
        members = PieceSet(none: countMax > 0 ? pieceCount : 0)
    }

    var isEmpty: Bool { pieces.isEmpty }

    func contains(_ piece: PieceIndex) -> Bool { members.contains(piece) }

    mutating func sent(_ piece: PieceIndex) {
        guard countMax > 0, members.insert(piece) else { return }
        guard pieces.count >= countMax else { return pieces.append(piece) }
        members.remove(pieces[oldest])
        pieces[oldest] = piece
        oldest = (oldest + 1) % countMax
    }

    /// Visits the pieces from a random place on, while `look` returns true. Returns whether all
    /// were visited.
    func walk(_ chance: inout Chance, _ look: (PieceIndex) -> Bool) -> Bool {
        let first = chance.below(max(1, pieces.count))
        for step in pieces.indices where !look(pieces[(first + step) % pieces.count]) {
            return false
        }
        return true
    }

    func checkInvariants() {
        precondition(pieces.count == members.count, "a recent piece stands there twice")
        precondition(pieces.allSatisfy { members.contains($0) }, "a recent piece drifted")
        precondition(pieces.count <= max(0, countMax), "more recent pieces than agreed")
    }
}
