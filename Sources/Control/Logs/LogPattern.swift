import Content

/// A sentence of a log with its numbers left open: `#` stands for a number, and a word with a
/// question mark may be missing.
struct LogPattern: Sendable {
    private enum Element: Sendable {
        case word(LogWord)
        case optional(LogWord)
        case number
    }

    /// The numbers of a sentence, in the order in which it names them; the unused ones are zero.
    typealias Numbers = (Int, Int, Int)

    private let elements: [Element]
    let event: @Sendable (Numbers) -> LogEvent

    private init(_ text: String, _ event: @escaping @Sendable (Numbers) -> LogEvent) {
        elements = text.split(separator: " ").map { part in
            if part == "#" { return .number }
            let isOptional = part.hasPrefix("?")
            guard let word = LogWord(rawValue: String(isOptional ? part.dropFirst() : part)) else {
                preconditionFailure("\(part): no word of a log")
            }
            return isOptional ? .optional(word) : .word(word)
        }
        self.event = event
    }

    /// Nil unless the tokens from `start` to the end are this sentence.
    func numbers(in tokens: [LogTokens.Token], from start: Int) -> Numbers? {
        var position = start
        var numbers = (0, 0, 0)
        var found = 0
        for element in elements {
            let token = position < tokens.count ? tokens[position] : .other
            switch (element, token) {
            case (.word(let wanted), .word(let word)) where word == wanted: position += 1
            case (.optional(let wanted), .word(let word)) where word == wanted: position += 1
            case (.optional, _): break
            case (.number, .number(let number, _)):
                switch found {
                case 0: numbers.0 = number
                case 1: numbers.1 = number
                default: numbers.2 = number
                }
                found += 1
                position += 1
            default: return nil
            }
        }
        return position == tokens.count ? numbers : nil
    }

    /// The number of pieces in a line of its own, after the one that says what was downloaded.
    static let holds = LogPattern("?now number of piece ?it has is #") { .holds($0.0) }

    /// In the order of their frequency.
    static let ofPeers: [LogPattern] = [
        LogPattern("?has receive have message from # for piece ?piece #") {
            .heard(of: $0.1, from: PeerID($0.0))
        },
        LogPattern("?has downloaded piece ?piece # from # ?now number of piece ?it has is #") {
            .downloaded($0.0, from: PeerID($0.1), count: $0.2)
        },
        LogPattern("?has downloaded piece ?piece # from #") {
            .downloaded($0.0, from: PeerID($0.1), count: nil)
        },
        LogPattern("?has receive interested message from #") { .interested(PeerID($0.0)) },
        LogPattern("?has receive not interested message from #") { .uninterested(PeerID($0.0)) },
        LogPattern("?has receive uninterested message from #") { .uninterested(PeerID($0.0)) },
        LogPattern("?has receive have message for piece # from #") {
            .heard(of: $0.0, from: PeerID($0.1))
        },
        LogPattern("?is unchoked by #") { .isUnchoked(by: PeerID($0.0)) },
        LogPattern("?is choked by #") { .isChoked(by: PeerID($0.0)) },
        LogPattern("?has optimistically unchoked neighbor ?is #") {
            .servesInTurn(PeerID($0.0))
        },
        LogPattern("make ?connection to #") { .connects(to: PeerID($0.0)) },
        LogPattern("make connection with #") { .connects(to: PeerID($0.0)) },
        LogPattern("is connected to #") { .connects(to: PeerID($0.0)) },
        LogPattern("?is connected from #") { .isConnected(from: PeerID($0.0)) },
        LogPattern("has downloaded complete file") { _ in .isComplete },
        LogPattern("complete file downloaded") { _ in .isComplete },
        LogPattern("continues with # piece of earlier run") { .continues(with: $0.0) },
    ]
}
