package import Swarm
package import Vocabulary

/// A request to fetch a file, with its options.
package struct GetRequest: Equatable, Sendable {
    /// A description is read first to find its content.
    package enum Target: Equatable, Sendable {
        case choice(GetOrder.Choice)
        case described(in: String)
    }

    package let target: Target
    package private(set) var source: Rank?
    package private(set) var path: String?
    /// Whether the user is answered at once and the fetch goes on.
    package private(set) var isLater = false
    /// Whether progress is reported during the fetch.
    package private(set) var tellsProgress = false

    /// The words after `get`; there is at least one.
    init(_ words: [String]) throws(ControlCommandError) {
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

    /// A content as 32 hexadecimal digits, or a name.
    static func choice(_ word: String) throws(ControlCommandError) -> GetOrder.Choice {
        if let content = ContentID(text: word), content != .none { return .content(content) }
        return .name(try ControlCommand.name(word))
    }

    /// Nil for any rank that has the file.
    private static func source(_ word: String?) throws(ControlCommandError) -> Rank? {
        guard let word else { throw ControlCommand.usage(of: "get") }
        return word.lowercased() == "auto" ? nil : try rank(word, of: "get")
    }

    static func rank(_ word: String, of command: String) throws(ControlCommandError) -> Rank {
        guard let number = Int32(word), number >= 0 else {
            throw ControlCommand.usage(of: command)
        }
        return Rank(number)
    }

    /// Whether the list of all files decides the content: a name may mean different contents at
    /// different ranks. The list also gives the names of a content.
    var isFoundInList: Bool {
        switch target {
        case .choice(.name): source != nil
        case .choice(.content), .described: true
        }
    }

    /// The name in the request.
    var name: RelativePath? {
        guard case .choice(.name(let name)) = target else { return nil }
        return name
    }

    /// The description that the file must match.
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

/// Whether the path has the ending of a torrent, a seed file or a manifest.
package func isDescription(_ path: String) -> Bool {
    [".torrent", ".seed", ".manifest"].contains(where: path.hasSuffix)
}
