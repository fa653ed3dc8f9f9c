import Vocabulary

/// An offer that waits until there is room to receive what it offers.
struct Bid: Equatable, Sendable {
    let content: ContentID
    let number: UInt32
    let source: Rank
    let pieces: [PieceIndex]
    let cameAt: Tick
}
