package import Vocabulary

/// The place and the reason of a refusal of a classic input. Lines count from 1 and end at line
/// feeds; an input that ends early is refused at its last line.
package struct ClassicInputError: Error, Equatable, Sendable {
    package let line: Int
    package let flaw: ClassicInputFlaw
}

/// The flaw of a classic input. Tokens are given as they are written, cut to
/// `ClassicInputFlaw.tokenByteCountMax`; they may be any bytes and must be escaped when printed.
package enum ClassicInputFlaw: Equatable, Sendable {
    /// The input ended where this was promised.
    case ended(before: ClassicInputElement)
    case notACount(ClassicInputElement, token: [UInt8])
    case countTooLarge(ClassicInputElement, max: Int)
    case badName(PathError, token: [UInt8])
    /// A name with a folder in it.
    case nameOfSeveralComponents(token: [UInt8])
    case badPath(PathError, token: [UInt8])
    case badSegment(LabelError, token: [UInt8])
    case ownedTwice(RelativePath)
    case wantedTwice(RelativePath)
    /// Something after the last wanted name.
    case trailing(token: [UInt8])

    package static let tokenByteCountMax = 64
}

/// The meaning of a token in a classic input.
package enum ClassicInputElement: Equatable, Sendable, CaseIterable {
    case ownedCount
    case ownedName
    case segmentCount
    case segment
    case wantedCount
    case wantedName
}
