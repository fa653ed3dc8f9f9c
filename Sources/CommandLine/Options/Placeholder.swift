/// A word in braces that stands for a number or name of each rank or host in a path.
enum Placeholder: String, CaseIterable {
    case rank = "{rank}"
    case host = "{host}"

    /// The first word in braces that is no placeholder but close to one, with that one. Other
    /// braces are a part of the path.
    static func mistyped(in path: String) -> (word: String, nearest: String)? {
        let bytes = Array(path.utf8)
        for start in bytes.indices where bytes[start] == UInt8(ascii: "{") {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
            let word = String(decoding: bytes[start...end], as: UTF8.self)
            guard Self(rawValue: word) == nil else { continue }
            for known in allCases where known.isClose(to: word) { return (word, known.rawValue) }
        }
        return nil
    }

    /// A word with two mistakes in its eight characters is still recognisable.
    private func isClose(to word: String) -> Bool {
        let typed = Array(word.lowercased().utf8)
        // `{hostname}` counts as close.
        return typed.count <= 16
            && (typed.starts(with: rawValue.utf8.dropLast())
                || editDistance(typed, Array(rawValue.utf8)) <= 2)
    }
}

extension Placeholder {
    /// Every word of letters in braces has to be a placeholder.
    static func checkAll(in path: String, command: String) throws(UsageError) {
        for part in path.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let end = part.firstIndex(of: "}"), end > part.startIndex,
                part[..<end].allSatisfy({ $0.isASCII && $0.isLetter })
            else { continue }
            let word = "{\(part[...end])"
            guard Self(rawValue: word) != nil else { throw .noPlaceholder(word, command: command) }
        }
    }

    static func check(_ paths: [String?], command: String) throws(UsageError) {
        for case let path? in paths {
            guard let (word, nearest) = mistyped(in: path) else { continue }
            throw .unknownPlaceholder(word, nearest: nearest, command: command)
        }
    }
}
