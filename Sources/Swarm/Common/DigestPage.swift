import Vocabulary
import Wire

/// The part of a digest table that fits into one tail.
enum DigestPage {
    /// The number of digests of the greatest length that fit.
    static let countMax = Head.tailMax / PieceDigest.byteCountMax
}
