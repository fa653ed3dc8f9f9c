/// Swift text with comments and the contents of string literals blanked out, line by line, so that
/// a rule sees code alone. Interpolated expressions are code and stay.
///
/// Regex literals are not recognised; the sources have none.
struct CodeOnly {
    private let bytes: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    static func lines(of text: String) -> [String] {
        var scanner = CodeOnly(bytes: Array(text.utf8))
        scanner.scanCode(insideInterpolation: false)
        return splitLines(String(decoding: scanner.output, as: UTF8.self))
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func scanCode(insideInterpolation: Bool) {
        var depth = 0
        while position < bytes.count {
            if starts(with: "//") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank(1) }
            } else if starts(with: "/*") {
                scanBlockComment()
            } else if let literal = literalOpening() {
                scanString(hashes: literal.hashes, quotes: literal.quotes)
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") {
                    if insideInterpolation && depth == 0 { return }
                    depth -= 1
                }
                copy()
            }
        }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                blank(2)
            } else if starts(with: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func scanString(hashes: Int, quotes: Int) {
        let marks = String(repeating: "#", count: hashes)
        let closing = String(repeating: "\"", count: quotes) + marks
        let escape = "\\" + marks
        blank(hashes + quotes)
        while position < bytes.count {
            if starts(with: closing) {
                blank(hashes + quotes)
                return
            }
            if quotes == 1 && bytes[position] == UInt8(ascii: "\n") { return }
            if starts(with: escape + "(") {
                blank(escape.utf8.count)
                copy()
                scanCode(insideInterpolation: true)
                if position < bytes.count { copy() }
            } else if starts(with: escape) {
                blank(escape.utf8.count + 1)
            } else {
                blank(1)
            }
        }
    }

    private func literalOpening() -> (hashes: Int, quotes: Int)? {
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        let quotes = bytes[(position + hashes)...].prefix { $0 == UInt8(ascii: "\"") }.count
        guard quotes > 0 else { return nil }
        return (hashes, quotes >= 3 ? 3 : 1)
    }

    private func starts(with word: String) -> Bool {
        bytes[position...].starts(with: word.utf8)
    }

    private mutating func copy() {
        output.append(bytes[position])
        position += 1
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<min(count, bytes.count - position) {
            let isNewline = bytes[position] == UInt8(ascii: "\n")
            output.append(isNewline ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }
}

/// The lines of a text; a final newline ends the last line and does not begin another.
func splitLines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
}
