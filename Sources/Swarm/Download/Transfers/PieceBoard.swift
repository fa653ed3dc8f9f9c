import Vocabulary

/// The pieces of one content, and the rarity of those that are queued.
///
/// Invariant: each piece is either held, in flight or queued.
struct PieceBoard: Sendable {
    private(set) var have = PieceSet(none: 0)
    private(set) var queued = PieceSet(none: 0)
    private(set) var inFlightCount = 0
    /// The queued pieces by the number of sources, other than seeds, that hold them.
    var rarity = RarityOrder(none: 0)
    /// The first piece of round robin. Peers begin at different pieces, so that from the start each
    /// has pieces that others lack.
    var origin = 0
    /// A range that covers the pieces that were announced and then found wrong, until the sources
    /// know.
    private var retracted: Range<Int>?

    init() {}

    init(held: PieceSet, of pieceCount: Int) {
        have = held
        queued = PieceSet(all: pieceCount)
        rarity = RarityOrder(all: pieceCount)
        var next = have.first()
        while let piece = next {
            queued.remove(piece)
            rarity.remove(piece)
            next = have.first(from: piece.position + 1)
        }
    }

    mutating func took(_ piece: PieceIndex) {
        queued.remove(piece)
        rarity.remove(piece)
        inFlightCount += 1
    }

    mutating func gaveBack(_ piece: PieceIndex) {
        inFlightCount -= 1
        queued.insert(piece)
        rarity.insert(piece)
    }

    mutating func got(_ piece: PieceIndex) {
        inFlightCount -= 1
        have.insert(piece)
    }

    /// Queues a piece again that was wrong. Returns false if it was not here.
    mutating func lost(_ piece: PieceIndex) -> Bool {
        guard have.remove(piece) else { return false }
        let range = piece.position..<piece.position + 1
        retracted =
            retracted.map {
                min($0.lowerBound, range.lowerBound)..<max($0.upperBound, range.upperBound)
            } ?? range
        queued.insert(piece)
        rarity.insert(piece)
        return true
    }

    /// Takes the range that has to be announced again.
    mutating func takeRetracted() -> Range<Int>? {
        defer { retracted = nil }
        return retracted
    }

    /// A fingerprint of the missing pieces: peers with equal fingerprints lack the same pieces.
    var missingFingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var next = queued.first()
        while let piece = next {
            hash = (hash ^ UInt64(piece.raw)) &* 0x0000_0100_0000_01B3
            next = queued.first(from: piece.position + 1)
        }
        return hash
    }

    func checkInvariants() {
        have.checkInvariants()
        queued.checkInvariants()
    }

    func checkInvariants(of pieceCount: Int) {
        rarity.checkInvariants()
        precondition(
            have.count + queued.count + inFlightCount == pieceCount,
            "a piece is in two states, or in none")
        precondition(rarity.count == queued.count, "the order is not of the queued pieces")
    }
}
