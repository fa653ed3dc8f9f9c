package import Vocabulary

/// Where and why `Common.cfg` or `PeerInfo.cfg` is refused. Lines count from 1; there is none for
/// what is missing in the whole file.
package struct ChokingInputError: Error, Equatable, Sendable {
    package let line: Int?
    package let flaw: ChokingInputFlaw
}

/// What is wrong with such a file. Tokens are given as they stand, cut to
/// `ClassicInputFlaw.tokenByteCountMax`; they may hold anything and are to be shown with care.
package enum ChokingInputFlaw: Equatable, Sendable {
    case unknownKey(token: [UInt8])
    case saidTwice(ChokingTerms.Key)
    case missing(ChokingTerms.Key)
    case notANumber(ChokingTerms.Key, token: [UInt8])
    case notSeconds(ChokingTerms.Key, token: [UInt8])
    case badName(PathFlaw, token: [UInt8])
    case nameOfSeveralComponents(token: [UInt8])
    case tooManyPieces
    case notAnID(token: [UInt8])
    case notAPort(token: [UInt8])
    case notAFlag(token: [UInt8])
    /// A line with fewer than four words, or more.
    case notFourWords(count: Int)
    case listedTwice(PeerID)
    case tooManyPeers
    case nobodyListed
    case nobodyHasTheFile
}
