import Content
import Vocabulary

extension ChokingInputFlaw {
    var sentence: String {
        switch self {
        case .unknownKey(let token): "\(shown(token)) is nothing that Common.cfg says"
        case .saidTwice(let key): "\(key.rawValue) is said twice"
        case .missing(let key): "\(key.rawValue) is missing"
        case .notANumber(let key, let token): "\(shown(token)) is no number for \(key.rawValue)"
        case .notSeconds(let key, let token):
            "\(shown(token)) is no number of seconds above 0 for \(key.rawValue)"
        case .badName(let flaw, let token): "\(shown(token)) is no file name: \(flaw.words)"
        case .nameOfSeveralComponents(let token):
            "\(shown(token)) is no file name: it holds a '/'"
        case .tooManyPieces: "that makes more than \(Geometry.pieceCountMax) pieces"
        case .notAnID(let token): "\(shown(token)) is no number of a peer"
        case .notAPort(let token): "\(shown(token)) is no port"
        case .notAFlag(let token): "\(shown(token)) is neither 0 nor 1"
        case .notFourWords(let count):
            "a peer is 4 words, an id, a host, a port and 0 or 1, and here are \(count)"
        case .listedTwice(let peer): "peer \(peer) is listed twice"
        case .tooManyPeers: "there are more than \(ChokingRoster.peerCountMax) peers"
        case .noPeerListed: "no peer is listed"
        case .noPeerHasTheFile: "no peer has the file"
        }
    }
}

/// Enough of a token to find it by.
private func shown(_ token: [UInt8]) -> String {
    "'\(harmless(String(decoding: token, as: UTF8.self)))'"
}
