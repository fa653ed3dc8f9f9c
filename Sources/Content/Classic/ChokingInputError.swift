package import Vocabulary

/// The place and the reason of a refusal of `Common.cfg` or `PeerInfo.cfg`. Lines count from 1; a
/// missing key has no line.
package struct ChokingInputError: Error, Equatable, Sendable {
    package let line: Int?
    package let flaw: ChokingInputFlaw
}

/// The flaw of such a file. Tokens are given as they are written, cut to
/// `ClassicInputFlaw.tokenByteCountMax`; they may be any bytes and must be escaped when printed.
package enum ChokingInputFlaw: Equatable, Sendable {
    case unknownKey(token: [UInt8])
    case saidTwice(ChokingTerms.Key)
    case missing(ChokingTerms.Key)
    case notANumber(ChokingTerms.Key, token: [UInt8])
    case notSeconds(ChokingTerms.Key, token: [UInt8])
    case badName(PathError, token: [UInt8])
    case nameOfSeveralComponents(token: [UInt8])
    case tooManyPieces
    case notAnID(token: [UInt8])
    case notAPort(token: [UInt8])
    case notAFlag(token: [UInt8])
    /// A line with fewer than four words, or more.
    case notFourWords(count: Int)
    case listedTwice(PeerID)
    case tooManyPeers
    case noPeerListed
    case noPeerHasTheFile
}
