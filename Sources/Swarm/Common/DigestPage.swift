import Vocabulary
import Wire

/// The part of a table that one tail carries.
enum DigestPage {
    /// Of the longest digests.
    static let countMax = Head.tailMax / PieceDigest.byteCountMax
}
