/// A line of the control protocol as words: they are parted by spaces, and one in double quotes may
/// hold spaces; in it a backslash stands before a quote or a backslash.
enum ControlWords {
    static func split(_ line: String) throws(ControlFlaw) -> [String] {
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

    /// As a word that `split` gives back.
    static func quoted(_ word: String) -> String {
        guard
            word.isEmpty
                || word.unicodeScalars.contains(where: { " \t\"\\".contains(Character($0)) })
        else { return word }
        var text = "\""
        for scalar in word.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}

/// As words of a control line.
package func controlLine(_ words: [String]) -> String {
    words.map { ControlWords.quoted($0) }.joined(separator: " ")
}

/// The words of a control line; nil where it is none.
package func controlWords(_ line: String) -> [String]? {
    do throws(ControlFlaw) { return try ControlWords.split(line) } catch { return nil }
}
