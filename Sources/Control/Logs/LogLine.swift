package import Content

/// A line of a peer's log, of this program or another:
///
///     [<any time>]: Peer <id> <what it did>.
///
/// Programs differ in the time, in brackets around ids, full stops, quotation marks, articles and
/// `Peer` before an id, and in the spelling of some words: all of that is read past.
package struct LogLine: Equatable, Sendable {
    /// Nil for a sentence that names no peer: the second half of one that was cut in two.
    package let peer: PeerID?
    package let event: LogEvent

    /// Nil if the text is no such line.
    package init?(_ text: String) {
        var tokens = LogTokens()
        let bytes = Array(text.utf8)
        tokens.read(bytes.span)
        self.init(tokens, owner: nil)
    }

    /// `owner` is the peer whose log it is: a number that no "Peer" stands before begins a
    /// sentence only if it is this one.
    init?(_ tokens: borrowing LogTokens, owner: PeerID?) {
        let tokens = tokens.tokens
        for start in tokens.indices.dropLast() {
            guard case .number(let number, let followsPeer) = tokens[start],
                case .word = tokens[start + 1], followsPeer || number == owner?.raw
            else { continue }
            guard let event = Self.event(tokens, from: start + 1) else { continue }
            self.init(peer: PeerID(number), event: event)
            return
        }
        guard let count = Self.holding(tokens) else { return nil }
        self.init(peer: nil, event: .holds(count))
    }

    private init(peer: PeerID?, event: LogEvent) {
        self.peer = peer
        self.event = event
    }

    private static func event(_ tokens: [LogTokens.Token], from start: Int) -> LogEvent? {
        for pattern in LogPattern.ofPeers {
            if let numbers = pattern.numbers(in: tokens, from: start) {
                return pattern.event(numbers)
            }
        }
        return preferred(tokens, from: start).map { .prefers($0) }
    }

    /// Nothing that is a word of a sentence may stand before these: that would be a first half
    /// that is not understood.
    private static func holding(_ tokens: [LogTokens.Token]) -> Int? {
        let start = tokens.firstIndex { if case .word = $0 { true } else { false } }
        guard let start else { return nil }
        return LogPattern.holds.numbers(in: tokens, from: start)?.0
    }

    /// The one sentence with a list, which may be empty.
    private static func preferred(_ tokens: [LogTokens.Token], from start: Int) -> [PeerID]? {
        var rest = tokens[start...]
        if rest.first == .word(.has) { rest.removeFirst() }
        guard rest.starts(with: [.word(.preferred), .word(.neighbor)]) else { return nil }
        rest = rest.dropFirst(2)
        if rest.first == .word(.are) || rest.first == .word(.is) { rest.removeFirst() }
        var peers: [PeerID] = []
        for token in rest {
            guard case .number(let number, _) = token else { return nil }
            peers.append(PeerID(number))
        }
        return peers
    }

    /// Some programs write 0 for each place that no preferred neighbour has.
    func withoutEmptyPlaces(_ terms: LogTerms) -> LogLine {
        let nobody = PeerID(0)
        guard case .prefers(let others) = event, others.contains(nobody), !terms.isListed(nobody)
        else { return self }
        return LogLine(peer: peer, event: .prefers(others.filter { $0 != nobody }))
    }

    /// Whether a text is this sentence word for word, as the programs that log it are asked to
    /// write it. Only notation may differ: the time, brackets, quotation marks, full stops.
    func isWritten(as text: String) -> Bool {
        guard let peer else { return false }
        if case .downloaded(_, _, count: nil) = event { return false }
        let written = Self.words(of: text)
        guard let start = written.firstIndex(of: "peer") else { return false }
        let wanted = Self.words(of: event.sentence(of: peer)).filter { $0 != "peer" }
        return written[start...].filter { $0 != "peer" } == wanted
    }

    /// The words without the notation around them.
    private static func words(of text: String) -> [String] {
        let words = text.lowercased().unicodeScalars.split { scalar in
            scalar.properties.isWhitespace
                || ",:;[](){}<>'\"`´‘’‚“”„".unicodeScalars.contains(scalar)
        }
        return words.compactMap { word in
            let bare = word.reversed().drop { $0 == "." }.reversed()
            let text = String(String.UnicodeScalarView(bare))
            guard !text.isEmpty else { return nil }
            let neighbors = ["neighbor", "neighbors", "neighbour", "neighbours"]
            return neighbors.contains(text) ? "neighbor" : text
        }
    }
}
