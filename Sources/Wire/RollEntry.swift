package import Vocabulary

/// The state of one peer, as its tracker reports it.
package struct RollEntry: TailEntry {
    package enum Presence: UInt8, Sendable {
        /// The peer has not joined yet.
        case absent = 1
        case present = 2
        /// The peer has left, and may come again.
        case left = 3
        /// The lease of the peer has expired.
        case lost = 4
        /// The peer is there, and has not announced all files that lay in its folders when it
        /// began.
        case looking = 5
        /// The peer is there, and still reads some of the files that it found.
        case reading = 6
    }

    package let rank: Rank
    package let presence: Presence

    package init(rank: Rank, presence: Presence) {
        self.rank = rank
        self.presence = presence
    }

    package init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        rank = try tail.readRank(&cursor)
        guard let presence = Presence(rawValue: try tail.read(&cursor)) else { throw .malformed }
        self.presence = presence
    }

    package func write(to tail: inout [UInt8]) {
        tail.write(rank)
        tail.write(presence.rawValue)
    }

    package static let byteCount = 5
}
