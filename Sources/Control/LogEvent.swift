package import Content

/// What a line of a peer's log says, beside whose it is and when it was.
package enum LogEvent: Equatable, Sendable {
    case connects(to: PeerID)
    case isConnected(from: PeerID)
    case prefers([PeerID])
    case servesInTurn(PeerID)
    case isUnchoked(by: PeerID)
    case isChoked(by: PeerID)
    case heard(of: Int, from: PeerID)
    case interested(PeerID)
    case uninterested(PeerID)
    case downloaded(Int, from: PeerID, count: Int)
    case isComplete
    /// Only where an earlier run was interrupted.
    case continues(with: Int)

    /// What follows the time in the line.
    package func sentence(of peer: PeerID) -> String { "Peer \(peer) \(predicate)." }

    private var predicate: String {
        switch self {
        case .connects(let other): "makes a connection to Peer \(other)"
        case .isConnected(let other): "is connected from Peer \(other)"
        case .prefers(let others):
            "has the preferred neighbors " + others.map(\.description).joined(separator: ",")
        case .servesInTurn(let other): "has the optimistically unchoked neighbor \(other)"
        case .isUnchoked(let other): "is unchoked by \(other)"
        case .isChoked(let other): "is choked by \(other)"
        case .heard(let piece, let other):
            "received the 'have' message from \(other) for the piece \(piece)"
        case .interested(let other): "received the 'interested' message from \(other)"
        case .uninterested(let other): "received the 'not interested' message from \(other)"
        case .downloaded(let piece, let other, let count):
            "has downloaded the piece \(piece) from \(other). "
                + "Now the number of pieces it has is \(count)"
        case .isComplete: "has downloaded the complete file"
        case .continues(let count): "continues with \(count) pieces of an earlier run"
        }
    }

    /// The peers that it speaks of.
    var others: [PeerID] {
        switch self {
        case .connects(let other), .isConnected(let other), .servesInTurn(let other),
            .isUnchoked(let other), .isChoked(let other), .interested(let other),
            .uninterested(let other), .heard(_, let other), .downloaded(_, let other, _):
            [other]
        case .prefers(let others): others
        case .isComplete, .continues: []
        }
    }
}
