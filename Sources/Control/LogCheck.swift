package import Content

/// Checks the logs of one job. Every rule is of one peer's log, or of two logs without regard to
/// their times: clocks of several hosts differ.
package struct LogCheck {
    private let terms: LogTerms
    private var readings: [LogReading] = []

    package init(_ terms: LogTerms) { self.terms = terms }

    package mutating func add(log bytes: [UInt8], of peer: PeerID) {
        var reading = LogReading(of: peer, terms)
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines { reading.read(String(decoding: line, as: UTF8.self)) }
        readings.append(reading)
    }

    /// Peers that should have a log here and have none.
    package var missing: [PeerID] {
        if let roster = terms.roster {
            return roster.peers.map(\.id).filter { id in !readings.contains { $0.peer == id } }
        }
        var missing: [PeerID] = []
        for reading in readings {
            for (peer, _) in reading.mentions.sorted(by: { $0.key < $1.key })
            where !readings.contains(where: { $0.peer == peer }) && !missing.contains(peer) {
                missing.append(peer)
            }
        }
        return missing
    }

    package var pieceCount: Int { readings.reduce(0) { $0 + $1.pieceCount } }
    package var peerCount: Int { readings.count }

    /// The first line that breaks a rule: of the first log that has one, in the order in which
    /// they were added.
    package mutating func firstFlaw() -> LogFlaw? {
        let total = terms.pieceCount ?? readings.map(\.pieceCount).max() ?? 0
        for index in readings.indices {
            readings[index].end(total: total)
            checkConnections(of: index)
        }
        for reading in readings {
            let first = reading.flaws.min { $0.line < $1.line }
            if let first { return first }
        }
        return nil
    }

    private mutating func checkConnections(of index: Int) {
        for other in readings.indices where other != index {
            let peer = readings[other].peer
            guard let own = readings[index].connections.first(where: { $0.other == peer }) else {
                readings[index].flaw(.unconnected(peer))
                continue
            }
            let theirs = readings[other].connections.first {
                $0.other == readings[index].peer && $0.isOwn != own.isOwn
            }
            if theirs == nil { readings[index].flaw(.unanswered(peer), at: own.line) }
        }
    }
}
