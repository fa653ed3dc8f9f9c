import CommandLine
import Staging
import Vocabulary

extension StageWish {
    /// The words of what is wrong with the sources' names, or a wish.
    static func of(_ options: StageOptions) -> Result<StageWish, StageNameFlaw> {
        var names: [RelativePath] = []
        for path in options.sourcePaths {
            guard let name = sourceName(path) else { return .failure(StageNameFlaw(path: path)) }
            names.append(name)
        }
        var wish = StageWish(sources: options.sourcePaths, names: names)
        wish.goesInto = options.destination.hasSuffix("/")
        wish.sourceRanks = StageRanks.ranks(options.sources)
        wish.receiverRanks = StageRanks.ranks(options.receivers)
        wish.isShared = options.shared
        wish.readersMax = options.readers
        return .success(wish)
    }
}

/// A source that has no name of its own.
struct StageNameFlaw: Error {
    let path: String
}

/// What a source is called where it arrives: its last component, or where that is a dot or two,
/// that of its real path.
func sourceName(_ path: String) -> RelativePath? {
    for candidate in [path, realPath(path)] {
        guard let last = candidate.split(separator: "/").last else { continue }
        do throws(PathFlaw) { return try RelativePath(String(last)) } catch { continue }
    }
    return nil
}
