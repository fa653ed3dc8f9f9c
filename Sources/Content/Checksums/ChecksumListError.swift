package import Vocabulary

/// The reason why a list of checksums is refused.
package enum ChecksumListError: Error, Equatable, Sendable {
    case noDigest(line: Int)
    case badName(line: Int, PathError)
    case twice(line: Int)
    case empty
}
