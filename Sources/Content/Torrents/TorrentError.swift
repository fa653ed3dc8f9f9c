package import Vocabulary

/// The place and the reason for which bytes are no torrent. Positions count from 0.
package struct TorrentError: Error, Equatable, Sendable {
    package let position: Int
    package let flaw: TorrentFlaw
}

package enum TorrentFlaw: Equatable, Sendable {
    case notBencoded(BencodeFlaw)
    /// A key that must be there.
    case missing(String)
    /// A value of another kind than this key has.
    case wrongKind(of: String)
    case negative(String)
    case unknownVersion(Int64)
    case badName(PathError)
    case nameOfSeveralComponents
    case pathTwice(RelativePath)
    /// A path that leads through a file.
    case fileAndFolder(RelativePath)
    /// A symbolic link in place of a file.
    case link
    case badPieceLength(Int64)
    /// As long as a piece or longer: nothing needs such a pad.
    case padTooLong
    /// More bytes or pieces than a content may have.
    case tooLarge
    /// Digests that are cut, or more or fewer than there are pieces.
    case wrongPieceCount
    /// A file of a v2 torrent without the digest of its tree, or an empty one with it.
    case rootMissing
    case badRoot
    case layerMissing(RelativePath)
    case layerDiffersFromRoot(RelativePath)
    /// For no file of this torrent.
    case layerOfNothing
    /// The v1 half and the v2 half are not about the same files.
    case halvesDiffer
    /// Not the torrent's fault: without this digest there is nothing to be said of it.
    case lacking(DigestAlgorithm)
}
