package import Vocabulary

/// What stands for a piece's bytes in a simulation: which piece they are, and whether they are
/// what they should be.
package struct SimulatedPayload: BitwiseCopyable, Equatable, Sendable {
    package var contentHigh: UInt64
    package var contentLow: UInt64
    package var piece: UInt32
    package var byteCount: Int32
    package var isGenuine: Bool

    package init(_ content: ContentID, _ piece: PieceIndex, byteCount: Int, isGenuine: Bool) {
        contentHigh = content.high
        contentLow = content.low
        self.piece = piece.raw
        self.byteCount = Int32(byteCount)
        self.isGenuine = isGenuine
    }

    /// A buffer with nothing in it yet.
    package static func blank(byteCount: Int) -> SimulatedPayload {
        SimulatedPayload(.none, PieceIndex(0), byteCount: byteCount, isGenuine: false)
    }

    package var content: ContentID { ContentID(high: contentHigh, low: contentLow) }
}
