package import Content

/// A line of a peer's log, of this program or another:
///
///     [<any time>]: Peer <id> <what it did>.
///
/// Brackets around ids, full stops, any quotation marks, and `Peer` before an id are read past:
/// programs differ in them.
package struct LogLine: Equatable, Sendable {
    package let peer: PeerID
    package let event: LogEvent

    /// Nil for what is no such line.
    package init?(_ text: String) {
        var words = Self.words(of: text)
        guard let start = words.firstIndex(of: "peer") else { return nil }
        words = words[start...].filter { $0 != "peer" }
        guard let first = words.first, let peer = PeerID(first.utf8) else { return nil }
        self.peer = peer
        guard let event = Self.event(Array(words.dropFirst())) else { return nil }
        self.event = event
    }

    /// What is around the words is not of them.
    private static func words(of text: String) -> [String] {
        let words = text.lowercased().unicodeScalars.split { scalar in
            scalar.properties.isWhitespace
                || ",:;[](){}<>'\"`´‘’‚“”„".unicodeScalars.contains(scalar)
        }
        return words.compactMap { word in
            let bare = word.reversed().drop { $0 == "." }.reversed()
            return bare.isEmpty ? nil : String(String.UnicodeScalarView(bare))
        }
    }

    /// `#` stands for a number, and one at the end for any number of them in a list.
    private static func event(_ words: [String]) -> LogEvent? {
        if words.starts(with: ["has", "the", "preferred"]), words.count > 3,
            isNeighbor(words[3])
        {
            let others = words.dropFirst(4).map { PeerID($0.utf8) }
            let known = others.compactMap { $0 }
            return known.count == others.count ? .prefers(known) : nil
        }
        for (pattern, make) in patterns {
            if let numbers = numbers(in: words, as: pattern), let event = make(numbers) {
                return event
            }
        }
        return nil
    }

    private static func isNeighbor(_ word: String) -> Bool {
        ["neighbor", "neighbors", "neighbour", "neighbours"].contains(word)
    }

    private static func numbers(in words: [String], as pattern: String) -> [Int]? {
        let parts = pattern.split(separator: " ")
        guard parts.count == words.count else { return nil }
        var numbers: [Int] = []
        for (part, word) in zip(parts, words) {
            if part == "#" {
                guard let number = PeerID(word.utf8) else { return nil }
                numbers.append(number.raw)
            } else if part != word, !(isNeighbor(String(part)) && isNeighbor(word)) {
                return nil
            }
        }
        return numbers
    }

    private static var patterns: [(String, ([Int]) -> LogEvent?)] {
        [
            ("makes a connection to #", { .connects(to: PeerID($0[0])) }),
            ("is connected from #", { .isConnected(from: PeerID($0[0])) }),
            ("has the optimistically unchoked neighbor #", { .servesInTurn(PeerID($0[0])) }),
            ("is unchoked by #", { .isUnchoked(by: PeerID($0[0])) }),
            ("is choked by #", { .isChoked(by: PeerID($0[0])) }),
            (
                "received the have message from # for the piece #",
                { .heard(of: $0[1], from: PeerID($0[0])) }
            ),
            ("received the interested message from #", { .interested(PeerID($0[0])) }),
            ("received the not interested message from #", { .uninterested(PeerID($0[0])) }),
            (
                "has downloaded the piece # from # now the number of pieces it has is #",
                { .downloaded($0[0], from: PeerID($0[1]), count: $0[2]) }
            ),
            ("has downloaded the complete file", { _ in .isComplete }),
            ("continues with # pieces of an earlier run", { .continues(with: $0[0]) }),
        ]
    }
}
