/// Splits a line of the control protocol into words. Words are separated by spaces. A word in
/// double quotes may contain spaces; in it a backslash precedes a quote or a backslash.
enum ControlWords {
    static func split(_ line: String) throws(ControlCommandError) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                word?.unicodeScalars.append(scalar)
                isEscaped = false
            } else if isQuoted, scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if !isQuoted, scalar == " " || scalar == "\t" {
                if let word { words.append(word) }
                word = nil
            } else {
                word = word ?? ""
                word?.unicodeScalars.append(scalar)
            }
        }
        guard !isQuoted else { throw .openQuote }
        if let word { words.append(word) }
        return words
    }

    /// The word in a form that `split` reads back.
    static func quoted(_ word: String) -> String {
        guard
            word.isEmpty
                || word.unicodeScalars.contains(where: { " \t\"\\".contains(Character($0)) })
        else { return word }
        return "\"" + escaped(word) + "\""
    }

    private static func escaped(_ word: String) -> String {
        var text = ""
        for scalar in word.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// The replacements for `start`, the end of a line that begins with `before`, that make its
    /// last word one of these. The completing library takes words to end at a space or a quote.
    static func completions(
        of start: String, after before: String, among words: [String]
    ) -> [String] {
        let quotes = before.unicodeScalars.count { $0 == "\"" }
        // A quote inside a word has a backslash before it, and is rare.
        guard quotes % 2 == 1, let open = before.lastIndex(of: "\"") else {
            return words.filter { $0.hasPrefix(start) }.map(quoted)
        }
        let begun = before[before.index(after: open)...]
        return words.map(escaped).filter { $0.hasPrefix(begun + start) }
            .map { $0.dropFirst(begun.count) + "\"" }
    }
}

/// The same as `ControlWords.completions`.
package func completions(
    of start: String, after before: String, among words: [String]
) -> [String] {
    ControlWords.completions(of: start, after: before, among: words)
}

/// The words as a control line.
package func controlLine(_ words: [String]) -> String {
    words.map { ControlWords.quoted($0) }.joined(separator: " ")
}

/// The words of a control line; nil if it is malformed.
package func controlWords(_ line: String) -> [String]? {
    do throws(ControlCommandError) { return try ControlWords.split(line) } catch { return nil }
}
