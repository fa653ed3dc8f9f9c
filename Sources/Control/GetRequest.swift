package import Swarm
package import Vocabulary

/// What a user wants to have, and how.
package struct GetRequest: Equatable, Sendable {
    package let choice: GetOrder.Choice
    package private(set) var source: Rank?
    package private(set) var path: String?
    /// It is answered at once.
    package private(set) var isLater = false
    /// How far it is is told meanwhile.
    package private(set) var tellsProgress = false

    /// The words after `get`; the first one is there.
    init(_ words: [String]) throws(ControlFlaw) {
        if let content = ContentID(text: words[0]) {
            choice = .content(content)
        } else {
            choice = .name(try ControlCommand.name(words[0]))
        }
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "later": isLater = true
            case "progress": tellsProgress = true
            case "from":
                guard let text = rest.popFirst(), let number = Int32(text), number >= 0 else {
                    throw ControlCommand.usage(of: "get")
                }
                source = Rank(number)
            case "to":
                guard let text = rest.popFirst(), !text.isEmpty else {
                    throw ControlCommand.usage(of: "get")
                }
                path = text
            default: throw ControlCommand.usage(of: "get")
            }
        }
    }

    var what: String {
        switch choice {
        case .name(let name): name.description
        case .content(let content): content.description
        }
    }
}

extension ContentID {
    /// 32 hexadecimal digits.
    package init?(text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32,
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}
