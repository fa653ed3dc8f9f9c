/// A pattern for paths, as rsync reads them:
///
/// - `*` stands for any bytes but a slash, `**` for any bytes, `?` for one byte but a slash, and
///   `[a-z]` for one byte of a set. In a pattern with wildcards a backslash takes the next byte as
///   it is.
/// - A slash at the beginning binds the pattern to the top. A slash at the end restricts it to
///   folders.
/// - Without any other slash or `**` it is compared with the last name of a path alone, otherwise
///   with the path from the top or from any of its folders on.
/// - `/***` at the end stands for a folder and all that is in it.
package struct GlobPattern: Hashable, Sendable {
    package let bytes: [UInt8]
    private let tokens: [Token]
    private let reach: Reach
    private let isForFolders: Bool
    private let endsWithThreeStars: Bool

    fileprivate enum Token: Hashable, Sendable {
        case byte(UInt8)
        case anyByte
        case set(Set<UInt8>)
        case anyInName
        case anything
    }

    /// The parts of a path with which the pattern is compared.
    private enum Reach: Hashable, Sendable {
        case lastName
        case path
        /// From the top and after each slash.
        case anyTail
        /// The path after a slash, so that `**/` also stands for no folder at all.
        case pathAfterSlash
    }

    /// Nil where the pattern is empty, names nothing but slashes, or has a `[` without its `]`.
    package init?(bytes: [UInt8]) {
        guard bytes.contains(where: { $0 != slash }), !bytes.contains(0) else { return nil }
        self.bytes = bytes
        var body = bytes[...]
        let isWild = body.contains { "*?[".utf8.contains($0) }
        endsWithThreeStars = isWild && body.suffix(3).elementsEqual("***".utf8)
        isForFolders = body.last == slash
        if isForFolders { body.removeLast() }
        let hasSlash = body.contains(slash)
        let isAnchored = body.first == slash
        if isAnchored { body.removeFirst() }
        guard let tokens = Self.tokens(body, isWild: isWild) else { return nil }
        self.tokens = tokens
        if isAnchored {
            reach = .path
        } else if tokens.first == .anything {
            reach = .pathAfterSlash
        } else if hasSlash || tokens.contains(.anything) {
            reach = .anyTail
        } else {
            reach = .lastName
        }
    }

    /// `path` is relative to the top.
    package func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        guard isFolder || !isForFolders else { return false }
        switch reach {
        case .lastName:
            let start = path.lastIndex(of: slash).map { $0 + 1 } ?? path.startIndex
            return takes(path[start...])
        case .path: return takes(subject(path, isFolder: isFolder))
        case .pathAfterSlash: return takes([slash] + subject(path, isFolder: isFolder))
        case .anyTail:
            let subject = subject(path, isFolder: isFolder)
            if takes(subject) { return true }
            return subject.indices.dropLast().contains { position in
                subject[position] == slash && takes(subject[(position + 1)...])
            }
        }
    }

    private func subject(_ path: ArraySlice<UInt8>, isFolder: Bool) -> ArraySlice<UInt8> {
        isFolder && endsWithThreeStars ? path + [slash] : path
    }

    /// On a difference the last `*` takes one byte more, and where it may not, the last `**`. An
    /// earlier one need never do: whatever it could take more, the later one can take as well.
    private func takes(_ text: ArraySlice<UInt8>) -> Bool {
        var token = 0
        var position = text.startIndex
        var inName: (token: Int, position: Int)?
        var anything: (token: Int, position: Int)?
        while true {
            if token == tokens.count {
                if position == text.endIndex { return true }
            } else if tokens[token] == .anyInName {
                token += 1
                inName = (token, position)
                continue
            } else if tokens[token] == .anything {
                token += 1
                inName = nil
                anything = (token, position)
                continue
            } else if position < text.endIndex, tokens[token].takes(text[position]) {
                token += 1
                position += 1
                continue
            }
            if let last = inName, last.position < text.endIndex, text[last.position] != slash {
                inName = (last.token, last.position + 1)
                (token, position) = (last.token, last.position + 1)
            } else if let last = anything, last.position < text.endIndex {
                inName = nil
                anything = (last.token, last.position + 1)
                (token, position) = (last.token, last.position + 1)
            } else {
                return false
            }
        }
    }
}

extension GlobPattern.Token {
    fileprivate func takes(_ byte: UInt8) -> Bool {
        switch self {
        case .byte(let own): own == byte
        case .anyByte: byte != slash
        case .set(let bytes): bytes.contains(byte)
        case .anyInName, .anything: false
        }
    }
}

extension GlobPattern {
    /// Nil where a set does not end.
    private static func tokens(_ body: ArraySlice<UInt8>, isWild: Bool) -> [Token]? {
        guard isWild else { return body.map { .byte($0) } }
        var tokens: [Token] = []
        var rest = body
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"): tokens.append(.byte(rest.popFirst() ?? byte))
            case UInt8(ascii: "?"): tokens.append(.anyByte)
            case UInt8(ascii: "["):
                guard let set = set(&rest) else { return nil }
                tokens.append(.set(set))
            case star:
                let others = rest.prefix { $0 == star }
                rest = rest.dropFirst(others.count)
                tokens.append(others.isEmpty ? .anyInName : .anything)
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    /// What follows a `[`, with its `]`. A `]` that comes first is one of the set.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Set<UInt8>? {
        var set: Set<UInt8> = []
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var isFirst = true
        while var low = rest.popFirst() {
            if low == UInt8(ascii: "]"), !isFirst {
                if isNegated { set = Set(0...255).subtracting(set) }
                // No set takes a slash, which parts two names.
                return set.subtracting([slash])
            }
            isFirst = false
            if low == UInt8(ascii: "["), let named = namedSet(&rest) {
                set.formUnion(named)
                continue
            }
            if low == UInt8(ascii: "\\") {
                guard let next = rest.popFirst() else { return nil }
                low = next
            }
            guard rest.first == UInt8(ascii: "-"), rest.count > 1,
                rest[rest.startIndex + 1] != UInt8(ascii: "]")
            else {
                set.insert(low)
                continue
            }
            rest.removeFirst()
            guard var high = rest.popFirst() else { return nil }
            if high == UInt8(ascii: "\\") {
                guard let next = rest.popFirst() else { return nil }
                high = next
            }
            if low <= high { set.formUnion(low...high) }
        }
        return nil
    }

    /// `:digit:]`, after its `[`; nil where something different follows.
    private static func namedSet(_ rest: inout ArraySlice<UInt8>) -> Set<UInt8>? {
        guard rest.first == UInt8(ascii: ":"),
            let end = rest.dropFirst().firstIndex(of: UInt8(ascii: ":")),
            rest[end...].dropFirst().first == UInt8(ascii: "]"),
            let name = String(validating: rest[(rest.startIndex + 1)..<end], as: UTF8.self),
            let set = namedSets[name]
        else { return nil }
        rest = rest[(end + 2)...]
        return set
    }

    private static let namedSets: [String: Set<UInt8>] = {
        let upper = Set(UInt8(ascii: "A")...UInt8(ascii: "Z"))
        let lower = Set(UInt8(ascii: "a")...UInt8(ascii: "z"))
        let digit = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
        let graph = Set(UInt8(0x21)...0x7E)
        let alnum = upper.union(lower).union(digit)
        return [
            "upper": upper, "lower": lower, "digit": digit, "alpha": upper.union(lower),
            "alnum": alnum, "graph": graph, "punct": graph.subtracting(alnum),
            "print": graph.union([0x20]), "blank": [0x20, 0x09],
            "space": Set([0x20] + (0x09...0x0D)), "cntrl": Set((0...0x1F) + [0x7F]),
            "xdigit": digit.union("abcdefABCDEF".utf8),
        ]
    }()
}

private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
