import Vocabulary
import Wire

/// The part of a digest table that fits into one tail.
enum DigestPage {
    /// For the longest digests.
    static let countMax = Head.tailMax / PieceDigest.byteCountMax
}
