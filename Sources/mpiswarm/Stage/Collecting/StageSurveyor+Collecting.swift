import CommandLine
import Glibc
import Staging
import Storage
import Vocabulary

/// Looks at the destination of `collect`, which other ranks may write to.
extension StageSurveyor {
    func look(at destination: String, _ survey: inout Survey) {
        let common = StageWish.Collect.commonFolder(of: destination)
        // Another name than the one that is replaced would decide where it leads.
        if common != nil, destination.split(separator: "/").contains("..") {
            survey.refusal = "DEST \(harmless(destination)): .. beside {host} or {rank}"
            return
        }
        if rank == .first, common == nil, isMountPoint(destination), !goesInto(destination) {
            survey.refusal =
                "DEST \(harmless(destination)) is a mount point, beside which nothing is written: "
                + "DEST \(harmless(destination))/ collects into it"
        }
        guard reads else { return }
        let own = absolute(expanded(options.destination))
        for path in options.sourcePaths where isOrHolds(path, own) || isOrHolds(path, destination) {
            survey.refusal =
                "DEST \(harmless(own)) is SOURCE \(harmless(path)), or lies inside it"
        }
        guard options.collect?.removesSource == true else { return }
        // What is in place at DEST might be a source of another rank, which then goes.
        for path in options.sourcePaths where holds(own, path) {
            survey.refusal =
                "SOURCE \(harmless(path)) lies inside DEST \(harmless(own)): --remove-source needs "
                + "it elsewhere"
        }
    }

    private func holds(_ destination: String, _ source: String) -> Bool {
        guard isFolder(destination), let identity = FileIdentity(path: destination) else {
            return false
        }
        var parts = absolute(source).split(separator: "/")
        while !parts.isEmpty {
            parts.removeLast()
            if FileIdentity(path: "/" + parts.joined(separator: "/")) == identity { return true }
        }
        return false
    }

    /// A copy that is the source itself lacks nothing, but is no copy of it either.
    private func isOrHolds(_ source: String, _ destination: String) -> Bool {
        guard let identity = FileIdentity(path: source) else { return false }
        let goesInto =
            options.destination.hasSuffix("/") || isFolder(destination) && !isFolder(source)
        let name = goesInto ? sourceName(source).map { "/\($0)" } : nil
        var parts = (destination + (name ?? "")).split(separator: "/")
        while !parts.isEmpty {
            if FileIdentity(path: "/" + parts.joined(separator: "/")) == identity { return true }
            parts.removeLast()
        }
        return false
    }

    /// Whether a source of this rank goes into DEST under its own name.
    private func goesInto(_ destination: String) -> Bool {
        options.destination.hasSuffix("/")
            || options.sourcePaths.contains { FileIdentity(path: $0) != nil && !isFolder($0) }
    }
}

/// Names are given by renaming, which does not lead from one file system to another.
func isMountPoint(_ path: String) -> Bool {
    var (found, above) = (stat(), stat())
    guard unsafe lstat(path, &found) == 0, unsafe stat(path + "/..", &above) == 0 else {
        return false
    }
    return found.st_mode & S_IFMT == S_IFDIR && found.st_dev != above.st_dev
}
