import Content

/// The rules that are checked when all logs are read: of their ends, and of pairs of them.
///
/// What no log says may be said in words of the program's own. A rule about a missing sentence is
/// checked only where some log has that sentence, or all lines are understood.
struct LogEnds {
    private var readings: [LogReading]
    private let terms: LogTerms
    private let indices: [PeerID: Int]
    private let checkable: LogReading.Sentences

    init(_ readings: [LogReading], _ terms: LogTerms, isStrict: Bool) {
        self.readings = readings
        self.terms = terms
        var indices: [PeerID: Int] = [:]
        for (index, reading) in readings.enumerated() { indices[reading.peer] = index }
        self.indices = indices
        let isAllRead = isStrict || readings.allSatisfy { $0.unreadCount == 0 }
        checkable =
            isAllRead
            ? [.connects, .isConnected, .isUnchoked, .isComplete]
            : readings.reduce(into: []) { $0.formUnion($1.sentences) }
    }

    private static let pairs: LogReading.Sentences = [.connects, .isConnected]

    var unchecked: [String] {
        var words: [String] = []
        if !checkable.isSuperset(of: Self.pairs) {
            words.append("whether both sides know of a connection")
        }
        if !checkable.contains(.isUnchoked) {
            words.append("whether pieces come from peers that do not choke")
        }
        if !checkable.contains(.isComplete) {
            words.append("whether every peer gets the complete file")
        }
        return words
    }

    mutating func breaches() -> [LogBreach] {
        let total = terms.pieceCount ?? readings.map(\.pieceCount).max() ?? 0
        for index in readings.indices where readings[index].isTelling {
            if checkable.contains(.isComplete) { readings[index].checkEnd(total: total) }
            if checkable.isSuperset(of: Self.pairs) { checkConnections(of: index) }
            if !checkable.contains(.isUnchoked) { readings[index].forget(.whileChoked) }
        }
        var breaches: [LogBreach] = []
        for reading in readings {
            // Stable, so that of two rules that one line breaks the more telling one is first.
            let sorted = reading.breaches.enumerated().sorted {
                ($0.element.first.line, $0.offset) < ($1.element.first.line, $1.offset)
            }
            for (_, breach) in sorted { Self.add(breach, to: &breaches) }
        }
        for peer in missing {
            let flaw = LogFlaw(peer: peer, line: 0, rule: .noLog(peer))
            Self.add(LogBreach(flaw), to: &breaches)
        }
        return breaches
    }

    private static func add(_ breach: LogBreach, to breaches: inout [LogBreach]) {
        let kind = breach.first.rule.kind
        if let index = breaches.firstIndex(where: { $0.first.rule.kind == kind }) {
            breaches[index].add(breach)
        } else {
            breaches.append(breach)
        }
    }

    private mutating func checkConnections(of index: Int) {
        let own = readings[index]
        for other in readings where other.peer != own.peer && other.isTelling {
            // A neighbour beyond the limit is not missing.
            if own.hasMoreNeighbours || other.hasMoreNeighbours { continue }
            guard let here = own.neighbours[other.peer], let line = here.line else {
                readings[index].flaw(.unconnected(other.peer))
                continue
            }
            let there = other.neighbours[own.peer]
            let isAnswered =
                here.connects != nil && there?.isConnected != nil
                || here.isConnected != nil && there?.connects != nil
            if !isAnswered { readings[index].flaw(.unanswered(other.peer), at: line) }
        }
    }

    /// Peers that should have a log here and have none.
    private var missing: [PeerID] {
        if let peers = terms.peers { return peers.filter { indices[$0] == nil } }
        var missing: Set<PeerID> = []
        for reading in readings {
            missing.formUnion(reading.neighbours.keys.filter { indices[$0] == nil })
        }
        return missing.sorted()
    }
}
