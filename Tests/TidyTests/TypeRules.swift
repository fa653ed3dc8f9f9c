/// A type that is cut into files is still one type: these limits are for all of them together.
private let typeLinesMax = 600
private let typePropertiesMax = 14

/// Types that are longer than that, as `Module.Type`. A number here only ever falls, and a row goes
/// when its type keeps the limit.
let longTypes: [String: Int] = [:]

/// Types with more stored properties than that.
let wideTypes = [
    "Control.LogReading": 15,
    "Node.DownloadNode": 15,
    "Staging.StageCoordinator": 16,
    "Swarm.RareBranches": 22,
    "Swarm.SourceRow": 21,
]

/// Options and rules are lists of independent numbers, which no invariant ties together.
private func isList(_ type: String) -> Bool { type.hasSuffix("Options") || type.hasSuffix("Rules") }

/// Checks the size of each type over all its files, its extensions and what is nested in it. Every
/// line counts to one type: a line that stands outside counts to the type that follows it, because
/// it is the comment on it, or what it imports; what follows the last type counts to that one.
func typeFindings(
    _ files: [SourceFile], long: [String: Int] = longTypes, wide: [String: Int] = wideTypes
) -> [Finding] {
    var sizes: [String: TypeSize] = [:]
    for file in files {
        guard let module = file.module else { continue }
        var counted = 0
        var last: String?
        for (index, line) in file.code.enumerated() {
            guard let (name, isDeclared) = typeBegun(line) else { continue }
            let type = module + "." + name
            let end = index + declarationLength(file.code, from: index)
            sizes[type, default: TypeSize()].lines += end - counted
            counted = end
            last = type
            if !isList(type) {
                let body = file.code[index..<end].dropFirst()
                sizes[type, default: TypeSize()].properties += body.count(where: storesProperty)
            }
            if isDeclared { sizes[type, default: TypeSize()].path = file.path }
        }
        if let last { sizes[last, default: TypeSize()].lines += file.code.count - counted }
    }
    return findings(sizes.mapValues(\.lines), "lines", max: typeLinesMax, long, sizes)
        + findings(
            sizes.mapValues(\.properties), "stored properties", max: typePropertiesMax, wide, sizes)
}

private struct TypeSize {
    var lines = 0
    var properties = 0
    var path = ""
}

/// Types over the limit that the table does not excuse, and rows of the table that are not so.
private func findings(
    _ counts: [String: Int], _ unit: String, max limit: Int, _ table: [String: Int],
    _ sizes: [String: TypeSize]
) -> [Finding] {
    let names = Set(counts.filter { $0.value > limit }.keys).union(table.keys)
    return names.sorted().compactMap { name in
        let count = counts[name] ?? 0
        let path = sizes[name]?.path ?? ""
        let most = max(limit, table[name] ?? limit)
        if count > most {
            return Finding(
                path: path, line: 1, what: "\(name) has \(count) \(unit), and may have \(most)")
        }
        guard count <= limit, table[name] != nil else { return nil }
        return Finding(
            path: path, line: 1, what: "\(name) keeps the limit of \(unit): remove its row")
    }
}

/// The type that a line declares or extends at the top level of a file.
private func typeBegun(_ line: String) -> (name: String, isDeclared: Bool)? {
    guard let first = line.first, first != " " else { return nil }
    let words = line.split { !isIdentifier($0) }
    let kinds: Set<Substring> = [
        "struct", "class", "enum", "actor", "protocol", "extension",
    ]
    guard let kind = words.firstIndex(where: kinds.contains), kind + 1 < words.count else {
        return nil
    }
    return (String(words[kind + 1]), words[kind] != "extension")
}

/// Lines from a declaration at the top level to the brace that closes it.
private func declarationLength(_ code: [String], from start: Int) -> Int {
    if code[start].last(where: { $0 != " " }) == "}" { return 1 }
    let end = code.indices[start...].first { code[$0].hasPrefix("}") }
    return (end ?? code.endIndex - 1) - start + 1
}

/// Whether a line one step inside a type declares a property that is stored.
private func storesProperty(_ line: String) -> Bool {
    guard line.hasPrefix("    "), line.dropFirst(4).first != " " else { return false }
    let words = line.split { !isIdentifier($0) }
    guard let word = words.firstIndex(where: { $0 == "let" || $0 == "var" }),
        words[..<word].allSatisfy({ modifiers.contains($0) })
    else { return false }
    guard let brace = line.firstIndex(of: "{") else { return true }
    return line.firstIndex(of: "=").map { $0 < brace } ?? false
}

private let modifiers: Set<Substring> = [
    "package", "private", "fileprivate", "internal", "set", "final", "weak", "unowned",
    "nonisolated", "unsafe", "lazy",
]
