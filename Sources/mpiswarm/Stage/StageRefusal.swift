import CommandLine
import Storage
import Vocabulary

/// Finds needed files that `--delete` would remove, because they lie in the copies of a rank and
/// not in SOURCE.
struct StageRefusal {
    let options: StageOptions
    let rank: Rank
    let destination: String

    /// Whether this rank is to have a copy.
    var receives: Bool { StageRanks.ranks(options.receivers)?.contains(rank) ?? true }

    /// The reason to refuse the job; nil if there is none.
    var words: String? {
        guard options.delete, receives else { return nil }
        let place = harmless(destination)
        if let path = options.sourcePaths.first(where: liesInCopy) {
            return "SOURCE \(harmless(path)) lies inside DEST \(place): --delete would remove it"
        }
        let files = [
            ("--log", options.log), ("--json", options.json == "-" ? nil : options.json),
            ("--report", options.report), ("--metrics", options.metrics),
            ("--trace-dir", options.traceDirectory), ("--options", options.optionsFile),
            ("--files-from", options.filesFrom == "-" ? nil : options.filesFrom),
        ]
        for (option, path) in files {
            guard let path, liesInCopy(path) else { continue }
            return "the file of \(option), \(harmless(path)), lies inside DEST \(place): "
                + "--delete would remove it"
        }
        return nil
    }

    private var copies: [FileIdentity] {
        let goesInto = options.destination.hasSuffix("/") || options.sourcePaths.count > 1
        return options.sourcePaths.compactMap { path in
            FileIdentity(
                path: goesInto
                    ? sourceName(path).map { "\(destination)/\($0)" } ?? destination : destination)
        }
    }

    /// Whether a path lies in a copy, as it is written or by its real path.
    private func liesInCopy(_ path: String) -> Bool {
        let copies = copies
        guard !copies.isEmpty else { return false }
        // A file that does not exist yet has no real path, but its folder has.
        return [absolute(path), realPath(path), realPath(folder(of: absolute(path))) + "/x"]
            .contains { candidate in
                var parts = candidate.split(separator: "/").dropLast()
                while !parts.isEmpty {
                    let above = FileIdentity(path: "/" + parts.joined(separator: "/"))
                    if let above, copies.contains(above) { return true }
                    parts.removeLast()
                }
                return false
            }
    }

    private func folder(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }
}
