package import Vocabulary

/// The place and the reason for which bytes are no seed file. Lines count from 1.
package struct SeedFileError: Error, Equatable, Sendable {
    package let line: Int
    package let flaw: SeedFileFlaw
}

package enum SeedFileFlaw: Equatable, Sendable {
    /// The name, the length or the digest of all is missing.
    case ended
    case badName(PathError)
    case nameOfSeveralComponents
    case badLength
    /// No hexadecimal digits, or not as many as MD5 or SHA-256 has.
    case badDigest
    /// Not the number of pieces that the length makes.
    case wrongPieceCount(Int)
}
