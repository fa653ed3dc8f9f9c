/// The limits of STYLE: in most code bases the hub file is ten times the median, and rots first.
private let fileLinesMax = 299
private let functionLinesMax = 50
private let columnsMax = 100

/// Checks the length of a file, of its lines and, in `Sources`, of its functions.
func shapeFindings(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    if file.lines.count > fileLinesMax {
        findings.append(file.finding(fileLinesMax, "the file has \(file.lines.count) lines"))
    }
    for (index, line) in file.lines.enumerated() where line.count > columnsMax {
        findings.append(file.finding(index, "the line has \(line.count) columns"))
    }
    guard file.isSource else { return findings }
    for index in file.code.indices where beginsFunction(file.code[index]) {
        let length = functionLength(file.code, from: index)
        if length > functionLinesMax {
            findings.append(file.finding(index, "the function has \(length) lines"))
        }
    }
    return findings
}

/// Whether a line declares something with a body of statements.
private func beginsFunction(_ line: String) -> Bool {
    let words = line.split { !isIdentifier($0) }
    let modifiers: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "set", "static", "final", "override",
        "convenience", "mutating", "nonmutating", "consuming", "borrowing", "nonisolated", "unsafe",
        "inline", "always", "never", "inlinable", "usableFromInline", "safe", "discardableResult",
    ]
    if words.contains("func") { return true }
    switch words.first(where: { !modifiers.contains($0) }) {
    case "init", "deinit", "subscript": return true
    case "var": return line.last { $0 != " " } == "{"
    default: return false
    }
}

/// Lines from the declaration to the closing brace at the same indentation, which is where the
/// formatter puts it; 1 for a declaration without a body of its own lines.
func functionLength(_ code: [String], from start: Int) -> Int {
    let indentation = indentationOf(code[start])
    for index in code.indices[(start + 1)...] {
        let line = code[index]
        let text = line.drop { $0 == " " }
        if text.isEmpty || text.hasPrefix("#") || indentationOf(line) > indentation { continue }
        guard indentationOf(line) == indentation else { return 1 }
        if text.hasPrefix("}") { return index - start + 1 }
        // The signature goes on.
        if [")", "{", "->", "where", "throws"].contains(where: text.hasPrefix) { continue }
        return 1
    }
    return 1
}

private func indentationOf(_ line: String) -> Int {
    line.prefix { $0 == " " }.count
}
