/// Which folder of a room may name types of which others. Folders below these share their walls.
/// A new folder gets a row here, or the test fails.
let folderTable: [String: [String: Set<String>]] = [
    "CommandLine": [
        "Values": [],
        // A command's options come with its table, and the table of all commands lists them.
        "Parsing": ["Values", "Options"],
        "Options": ["Values", "Parsing", "Manual"],
        "Completion": ["Values", "Parsing"],
        "Manual": ["Values", "Parsing"],
    ],
    "Content": [
        "Digests": [],
        "Checksums": ["Digests"],
        "SeedFiles": ["Digests"],
        "Torrents": ["Digests"],
        "Manifests": ["Digests"],
        "Trees": ["Digests", "Manifests"],
        "Classic": ["Manifests"],
        "Metainfo": ["Digests", "SeedFiles", "Torrents", "Manifests"],
    ],
    "Control": ["Commands": [], "Socket": ["Commands"], "Report": [], "Logs": [], "Doctor": []],
    "Launch": [
        "System": [],
        "Errors": ["System"],
        "Runtime": ["System"],
        "Watch": ["System"],
        "Hooks": ["System"],
        "Supervision": ["System", "Errors", "Runtime", "Hooks"],
    ],
    "Simulation": [
        "Time": [],
        "Links": [],
        "Disk": [],
        "Options": ["Disk"],
        "Network": ["Time", "Links", "Disk", "Options"],
        "Stores": ["Disk", "Network"],
        "Job": ["Time", "Links", "Disk", "Options", "Network", "Stores"],
        "Campaign": ["Options", "Network", "Job"],
    ],
    "Storage": [
        "Files": [],
        "Workers": ["Files"],
        "Receiving": ["Files", "Workers"],
        "Archives": ["Files"],
        "Sources": ["Files", "Archives"],
        "Libraries": ["Files", "Sources"],
        "Contents": ["Files", "Workers", "Receiving"],
        "Leftovers": ["Files"],
        "Live": ["Files", "Workers", "Receiving", "Contents"],
        "Mirror": ["Files", "Workers", "Receiving", "Sources", "Contents"],
        "Cache": ["Files", "Receiving", "Sources"],
        "Stage": ["Files", "Workers", "Receiving", "Sources", "Contents", "Mirror", "Cache"],
        "Watching": ["Files", "Contents"],
    ],
    "Swarm": [
        "Common": [],
        "Download": ["Common"],
        "Upload": ["Common"],
        "Track": ["Common"],
        "Roles": ["Common", "Download", "Upload", "Track"],
    ],
    "mpiswarm": [
        "Text": [],
        "Process": ["Text"],
        "Metainfo": ["Process", "Text"],
        "Described": ["Metainfo"],
        "Run": ["Process", "Text"],
        "Stage": ["Process", "Metainfo", "Described"],
        "Serve": ["Process", "Metainfo", "Described"],
        "Shell": [],
        "Doctor": ["Process", "Text"],
        "Simulate": ["Process", "Run"],
    ],
]

/// Files that name types of folders above them. The compiler makes `Effects` fast only for the
/// types that its own file names.
private let folderExceptions: Set<String> = ["Sources/Swarm/Common/Effects.swift"]

/// More files than this in one folder are not found by looking.
private let folderFilesMax = 30

/// Checks that each file of `files` lies in a folder of the table, and names only types that its
/// folder may name.
func folderFindings(_ files: [SourceFile]) -> [Finding] {
    var findings: [Finding] = []
    var homes: [String: [String: String]] = [:]
    for file in files {
        guard let module = file.module, let table = folderTable[module] else { continue }
        guard let folder = file.folder else {
            if file.name != "main.swift" {
                findings.append(file.finding(0, "lies beside the folders of \(module)"))
            }
            continue
        }
        if table[folder] == nil {
            findings.append(file.finding(0, "\(module)/\(folder) is not in the folder table"))
        }
        for type in declaredTypes(file) { homes[module, default: [:]][type] = folder }
    }
    for file in files where !folderExceptions.contains(file.path) {
        guard let module = file.module, let folder = file.folder,
            let allowed = folderTable[module]?[folder], let homes = homes[module]
        else { continue }
        for (index, line) in file.code.enumerated() {
            for word in line.split(whereSeparator: { !isIdentifier($0) }) {
                guard let home = homes[String(word)], home != folder, !allowed.contains(home)
                else { continue }
                findings.append(
                    file.finding(index, "\(folder) may not name \(word), which \(home) declares"))
            }
        }
    }
    return findings + crowdedFolders(files)
}

private func crowdedFolders(_ files: [SourceFile]) -> [Finding] {
    let folders = Dictionary(grouping: files.filter(\.isSource)) { file in
        file.path.split(separator: "/").dropLast().joined(separator: "/")
    }
    return folders.sorted { $0.key < $1.key }.compactMap { folder, files in
        files.count <= folderFilesMax
            ? nil : Finding(path: folder, line: 1, what: "the folder has \(files.count) files")
    }
}

/// The types that a file declares at its top level.
private func declaredTypes(_ file: SourceFile) -> [String] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    return file.code.compactMap { line in
        guard line.first != " " else { return nil }
        let words = line.split { !isIdentifier($0) }
        guard let kind = words.firstIndex(where: kinds.contains), kind + 1 < words.count,
            !words[..<kind].contains("extension")
        else { return nil }
        return String(words[kind + 1])
    }
}
