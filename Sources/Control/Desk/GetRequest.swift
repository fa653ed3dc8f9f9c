package import Swarm
package import Vocabulary

/// What a user wants to have, and how.
package struct GetRequest: Equatable, Sendable {
    /// Of what a file describes, what it stands for is found out first.
    package enum Target: Equatable, Sendable {
        case choice(GetOrder.Choice)
        case described(in: String)
    }

    package let target: Target
    package private(set) var source: Rank?
    package private(set) var path: String?
    /// It is answered at once.
    package private(set) var isLater = false
    /// How far it is is told meanwhile.
    package private(set) var tellsProgress = false

    /// The words after `get`; the first one is there.
    init(_ words: [String]) throws(ControlFlaw) {
        target =
            words[0].utf8.first == UInt8(ascii: "/") && isDescription(words[0])
            ? .described(in: words[0]) : .choice(try Self.choice(words[0]))
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            switch word.lowercased() {
            case "later": isLater = true
            case "progress": tellsProgress = true
            case "from":
                source = try Self.source(rest.popFirst())
            case "to":
                guard let text = rest.popFirst(), !text.isEmpty else {
                    throw ControlCommand.usage(of: "get")
                }
                path = text
            default: throw ControlCommand.usage(of: "get")
            }
        }
    }

    /// 32 hexadecimal digits, or a name.
    static func choice(_ word: String) throws(ControlFlaw) -> GetOrder.Choice {
        if let content = ContentID(text: word), content != .none { return .content(content) }
        return .name(try ControlCommand.name(word))
    }

    /// Nil where all are asked that have it.
    private static func source(_ word: String?) throws(ControlFlaw) -> Rank? {
        guard let word else { throw ControlCommand.usage(of: "get") }
        return word.lowercased() == "auto" ? nil : try rank(word, of: "get")
    }

    static func rank(_ word: String, of command: String) throws(ControlFlaw) -> Rank {
        guard let number = Int32(word), number >= 0 else {
            throw ControlCommand.usage(of: command)
        }
        return Rank(number)
    }

    /// The list of all files says which content is meant: a name may stand for something else at
    /// one rank than at others. It also says the names of a content.
    var isFoundInList: Bool {
        switch target {
        case .choice(.name): source != nil
        case .choice(.content), .described: true
        }
    }

    /// The name by which it is asked for.
    var name: RelativePath? {
        guard case .choice(.name(let name)) = target else { return nil }
        return name
    }

    /// The file that says what it has to be.
    var description: String? {
        guard case .described(let path) = target else { return nil }
        return path
    }

    var what: String {
        switch target {
        case .choice(.name(let name)): name.description
        case .choice(.content(let content)): content.description
        case .described(let path): path
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

/// Whether a path has the ending of what describes a file.
package func isDescription(_ path: String) -> Bool {
    [".torrent", ".seed", ".manifest"].contains(where: path.hasSuffix)
}
