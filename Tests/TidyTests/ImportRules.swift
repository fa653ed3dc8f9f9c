/// Which module may import what. A new module gets a row here, or the test fails.
let importTable: [String: Set<String>] = [
    "Vocabulary": [],
    "Wire": ["Vocabulary"],
    "Content": ["Vocabulary", "CCrypto", "CXXHash"],
    "Swarm": ["Vocabulary", "Wire"],
    "Storage": ["Vocabulary", "Content", "Glibc", "CLinux", "CArchive", "Synchronization"],
    "Staging": ["Vocabulary", "Wire", "Content", "Swarm"],
    "Node": ["Vocabulary", "Wire", "Swarm", "Content", "Staging", "Synchronization"],
    "MPITransport": ["Vocabulary", "Wire", "CMPI", "CSockets", "Synchronization"],
    "Simulation": ["Vocabulary", "Wire", "Swarm", "Content", "Staging", "Node"],
    "Launch": ["Vocabulary", "CPMIx", "Glibc", "CLinux", "Synchronization"],
    "Control": ["Vocabulary", "Wire", "Swarm", "Content", "Node", "Glibc", "CLinux"],
    "CommandLine": ["Vocabulary", "Glibc"],
    // The command line joins everything, but sees MPI, PMIx and the digests only through a module.
    "mpiswarm": [
        "Vocabulary", "Wire", "Content", "Swarm", "Staging", "Storage", "Node", "MPITransport",
        "Simulation", "Launch", "Control", "CommandLine", "Glibc", "CLinux", "CEdit",
        "CBuild", "FoundationEssentials",
    ],
]

/// Folders that hold C, and no Swift.
let systemLibraries: Set<String> = [
    "CMPI", "CCrypto", "CXXHash", "CPMIx", "CLinux", "CArchive", "CEdit", "CBuild",
    "CSockets",
]

/// Checks every import of a file in `Sources` against the table.
func importFindings(_ file: SourceFile) -> [Finding] {
    guard file.isSource else { return [] }
    guard let module = file.module, let allowed = importTable[module] else {
        return [file.finding(0, "is in no module of the import table")]
    }
    var findings: [Finding] = []
    for (index, line) in file.code.enumerated() {
        for statement in line.split(separator: ";") {
            guard let imported = importedModule(String(statement)) else { continue }
            if !allowed.contains(imported) {
                findings.append(file.finding(index, "\(module) may not import \(imported)"))
            } else if module == "Node" && imported == "Synchronization"
                && !file.name.contains("Mailbox")
            {
                findings.append(file.finding(index, "in Node only a mailbox may synchronise"))
            }
            for attribute in ["@testable", "@_exported", "@_implementationOnly"]
            where !mentions(of: attribute, in: String(statement)).isEmpty {
                findings.append(file.finding(index, "\(attribute) import"))
            }
        }
    }
    return findings
}

/// The module that an import statement names, whatever attributes, access level and kind of
/// declaration it carries.
func importedModule(_ statement: String) -> String? {
    let kinds = ["typealias", "struct", "class", "enum", "protocol", "let", "var", "func", "actor"]
    let levels = ["public", "package", "internal", "fileprivate", "private"]
    var words = statement.split { $0 == " " || $0 == "\t" }.map(String.init)[...]
    while let word = words.first, word.hasPrefix("@") || levels.contains(word) {
        words.removeFirst()
    }
    guard words.popFirst() == "import" else { return nil }
    if let word = words.first, kinds.contains(word) { words.removeFirst() }
    return words.first?.split(separator: ".").first.map(String.init)
}

/// What `module` imports by the text of a package description; nil where it has no row there.
func declaredImports(of module: String, in package: String) -> Set<String>? {
    let text = package.filter { !$0.isWhitespace }
    let openings = ["room(\"\(module)\"", "executableTarget(name:\"\(module)\""]
    guard let opening = openings.lazy.compactMap({ text.firstRange(of: $0) }).first else {
        return nil
    }
    let row = text[opening.upperBound...].prefix { $0 != ")" }
    let list = row.drop { $0 != "[" }.prefix { $0 != "]" }
    let quoted = list.split(separator: "\"", omittingEmptySubsequences: false)
    return Set(quoted.indices.filter { $0 % 2 == 1 }.map { String(quoted[$0]) })
}
