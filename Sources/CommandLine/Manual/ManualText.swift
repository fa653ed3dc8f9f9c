/// A manual page in the mdoc language, as it grows: macro lines and filled text.
///
/// Invariant: no line of text begins with a character that roff would take for a request, and every
/// sentence begins a line, which is what mandoc's linter asks for.
struct ManualText {
    private(set) var text = ""

    /// A line such as `.Sh NAME`. Words are escaped, so that none is taken for another macro.
    mutating func macro(_ name: String, _ words: String...) { macro(name, words) }

    mutating func macro(_ name: String, _ words: [String]) {
        text += ([".\(name)"] + words).joined(separator: " ") + "\n"
    }

    /// Sentences of running text.
    mutating func say(_ words: String) {
        var line = ""
        for word in words.split(separator: " ") {
            let isFull = line.utf8.count + 1 + word.utf8.count > Self.lineMax
            if !line.isEmpty, isFull || Self.endsSentence(line) {
                text += Self.guarded(line) + "\n"
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + Self.escaped(String(word))
        }
        if !line.isEmpty { text += Self.guarded(line) + "\n" }
    }

    /// An argument of a macro: quoted where it has blanks, and never the name of a macro.
    static func word(_ text: String) -> String {
        let text = escaped(text)
        guard text.contains(" ") else {
            let isLikeMacro = text.count == 2 || text.count == 1 || text.hasPrefix(".")
            return isLikeMacro ? "\\&" + text : text
        }
        return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    private static let lineMax = 76

    /// The hyphens of a word that begins with one are minus signs, which can be copied from the
    /// page.
    static func escaped(_ text: String) -> String {
        var result = ""
        var before: Character = " "
        var isOption = false
        for character in text {
            if before == " " { isOption = character == "-" }
            switch character {
            case "\\": result += "\\e"
            case "-" where isOption: result += "\\-"
            default: result.append(character)
            }
            before = character
        }
        return result
    }

    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    private static func endsSentence(_ line: String) -> Bool {
        line.hasSuffix(".") || line.hasSuffix(".)") || line.hasSuffix("?")
    }
}
