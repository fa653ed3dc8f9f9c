package import Content

/// A rule for logs.
package enum LogRule: Equatable, Sendable {
    case unreadable
    case ofAnotherPeer(PeerID)
    case aboutItself
    case unknownPeer(PeerID)
    case connectedTwice(PeerID)
    /// The later peer of the list makes the connection.
    case connectedWrongWay(PeerID)
    case unanswered(PeerID)
    case unconnected(PeerID)
    case tooManyPreferred(Int, most: Int)
    case preferredTwice(PeerID)
    case noSuchPiece(Int, count: Int)
    case downloadedTwice(Int)
    case wrongCount(Int, expected: Int)
    case whileChoked(by: PeerID)
    case bySeed
    case afterTheEnd
    case completeTooEarly(Int, of: Int)
    case completeTwice
    case incomplete
    case continuedLate
    case noLog(PeerID)

    package var words: String {
        switch self {
        case .unreadable: "this is no line of such a log"
        case .ofAnotherPeer(let peer): "this is of peer \(peer), in the log of another"
        case .aboutItself: "a peer has nothing to do with itself"
        case .unknownPeer(let peer): "there is no peer \(peer)"
        case .connectedTwice(let peer): "a second connection of the pair with peer \(peer)"
        case .connectedWrongWay(let peer):
            "of this peer and \(peer) the later in the list makes the connection"
        case .unanswered(let peer): "the log of peer \(peer) says nothing of this connection"
        case .unconnected(let peer): "there is no connection with peer \(peer)"
        case .tooManyPreferred(let count, let most):
            "\(count) preferred neighbors, and \(most) are the most"
        case .preferredTwice(let peer): "peer \(peer) is preferred twice"
        case .noSuchPiece(let piece, let count): "piece \(piece) of a file that has \(count)"
        case .downloadedTwice(let piece): "piece \(piece) is downloaded a second time"
        case .wrongCount(let count, let expected): "\(count) pieces, where it has \(expected)"
        case .whileChoked(let peer): "a piece from peer \(peer), which chokes this one"
        case .bySeed: "a peer that had the file downloads"
        case .afterTheEnd: "a piece after the complete file"
        case .completeTooEarly(let count, let total):
            "complete with \(count) pieces of \(total)"
        case .completeTwice: "complete for a second time"
        case .incomplete: "the log ends, and the file is not complete"
        case .noLog(let peer): "there is no log of peer \(peer)"
        case .continuedLate: "it can continue an earlier run only before it downloads"
        }
    }

    /// The rule without its peers and numbers, by which breaches are counted.
    package enum Kind: Sendable {
        case unreadable, ofAnotherPeer, aboutItself, unknownPeer
        case connectedTwice, connectedWrongWay, unanswered, unconnected
        case tooManyPreferred, preferredTwice, noSuchPiece, downloadedTwice, wrongCount
        case whileChoked, bySeed, afterTheEnd, completeTooEarly, completeTwice, incomplete
        case continuedLate, noLog
    }

    package var kind: Kind {
        switch self {
        case .unreadable: .unreadable
        case .ofAnotherPeer: .ofAnotherPeer
        case .aboutItself: .aboutItself
        case .unknownPeer: .unknownPeer
        case .connectedTwice: .connectedTwice
        case .connectedWrongWay: .connectedWrongWay
        case .unanswered: .unanswered
        case .unconnected: .unconnected
        case .tooManyPreferred: .tooManyPreferred
        case .preferredTwice: .preferredTwice
        case .noSuchPiece: .noSuchPiece
        case .downloadedTwice: .downloadedTwice
        case .wrongCount: .wrongCount
        case .whileChoked: .whileChoked
        case .bySeed: .bySeed
        case .afterTheEnd: .afterTheEnd
        case .completeTooEarly: .completeTooEarly
        case .completeTwice: .completeTwice
        case .incomplete: .incomplete
        case .continuedLate: .continuedLate
        case .noLog: .noLog
        }
    }
}
