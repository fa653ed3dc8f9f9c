package import Vocabulary

/// A token that stands for a piece's bytes in a simulation: the piece, and the version of its
/// bytes.
package struct SimulatedPayload: BitwiseCopyable, Equatable, Sendable {
    package var contentHigh: UInt64
    package var contentLow: UInt64
    package var piece: UInt32
    package var byteCount: Int32
    /// 0 is the right version; every other number stands for other bytes.
    package var version: UInt32

    /// Bytes that no rank ever had.
    package static let spoilt = UInt32.max

    package init(_ content: ContentID, _ piece: PieceIndex, byteCount: Int, version: UInt32 = 0) {
        contentHigh = content.high
        contentLow = content.low
        self.piece = piece.raw
        self.byteCount = Int32(byteCount)
        self.version = version
    }

    /// A buffer that holds nothing yet.
    package static func blank(byteCount: Int) -> SimulatedPayload {
        SimulatedPayload(.none, PieceIndex(0), byteCount: byteCount, version: spoilt)
    }

    package var content: ContentID { ContentID(high: contentHigh, low: contentLow) }
}
