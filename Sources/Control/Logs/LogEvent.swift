package import Content

/// The event in a line of a peer's log, without the time and the peer.
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
    /// The number of pieces that the peer has now; nil if the log does not give it.
    case downloaded(Int, from: PeerID, count: Int?)
    /// The same number in a line of its own.
    case holds(Int)
    case isComplete
    /// Logged only after an interrupted run.
    case continues(with: Int)

    /// The text after the time.
    package func sentence(of peer: PeerID) -> String {
        if case .holds(let count) = self { return Self.holding(count) + "." }
        return "Peer \(peer) \(predicate)."
    }

    private static func holding(_ count: Int) -> String {
        "Now the number of pieces it has is \(count)"
    }

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
            "has downloaded the piece \(piece) from \(other)"
                + (count.map { ". " + Self.holding($0) } ?? "")
        case .holds(let count): Self.holding(count)
        case .isComplete: "has downloaded the complete file"
        case .continues(let count): "continues with \(count) pieces of an earlier run"
        }
    }
}
