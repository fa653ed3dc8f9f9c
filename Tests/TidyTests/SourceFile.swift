/// One Swift file as the rules see it: its path below the root, its lines, and the same lines with
/// comments and strings blanked out.
struct SourceFile {
    let path: String
    let lines: [String]
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = splitLines(text)
        code = CodeOnly.lines(of: text)
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    var isSource: Bool { path.hasPrefix("Sources/") }

    /// The module that a file in `Sources` belongs to: the name of its folder.
    var module: String? {
        let parts = path.split(separator: "/")
        return isSource && parts.count > 2 ? String(parts[1]) : nil
    }

    /// The folder of its module that a file lies in; nil where it lies beside the folders.
    var folder: String? {
        let parts = path.split(separator: "/")
        return isSource && parts.count > 3 ? String(parts[2]) : nil
    }

    func finding(_ index: Int, _ what: String) -> Finding {
        Finding(path: path, line: index + 1, what: what)
    }
}

/// Something that is not as the house style wants it.
struct Finding: CustomStringConvertible {
    let path: String
    let line: Int
    let what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// The places where `needle` stands in `line` and is not a part of a longer identifier.
func mentions(of needle: String, in line: String) -> [Range<String.Index>] {
    line.ranges(of: needle).filter { range in
        let before = line[..<range.lowerBound].last
        let after = line[range.upperBound...].first
        let joinsBefore = needle.first.map(isIdentifier) == true && before.map(isIdentifier) == true
        let joinsAfter = needle.last.map(isIdentifier) == true && after.map(isIdentifier) == true
        return !joinsBefore && !joinsAfter
    }
}

func isIdentifier(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
}
