import CommandLine
import Content
import Staging
import Vocabulary

extension StageWish {
    /// The wish of a command line, or the error about the names of its sources.
    static func of(
        _ options: StageOptions, _ filter: PathFilter
    ) -> Result<StageWish, StageWishError> {
        if options.have != nil { return described(options) }
        var names: [RelativePath] = []
        for path in options.sourcePaths {
            guard let name = options.name(of: path) else { return .failure(.nameless(path)) }
            names.append(name)
        }
        var wish = wish(options, names)
        do throws(PathError) {
            for path in filter.expected { wish.named.append(try names[0].joined(path)) }
        } catch { return .failure(.longName) }
        return .success(wish)
    }

    /// The wish for all files that a torrent or a seed file describes.
    private static func described(_ options: StageOptions) -> Result<StageWish, StageWishError> {
        do throws(MetainfoCommandError) {
            let (metainfo, _) = try readMetainfo(options.sourcePaths[0], pieceSize: nil)
            var wish = wish(options, [metainfo.name])
            wish.described = metainfo
            wish.layout.paths = try HeldContent.stretchPaths(of: metainfo)
            wish.required = try HeldContent.paths(of: metainfo)
            wish.layout.pieceLength = metainfo.plan?.pieceLength ?? 0
            return .success(wish)
        } catch { return .failure(.description(error)) }
    }

    private static func wish(_ options: StageOptions, _ names: [RelativePath]) -> StageWish {
        var wish = StageWish(sources: options.sourcePaths, names: names)
        if let collect = options.collect {
            var collecting = StageWish.Collect()
            collecting.isOfEachRank = collect.isOfEachRank
            collecting.writersMax = collect.writersMax
            wish.sharing = .collected(collecting)
            wish.sources = [collect.source]
        }
        wish.goesInto = options.destination.hasSuffix("/")
        wish.sourceRanks = StageRanks.ranks(options.sources)
        wish.receiverRanks = StageRanks.ranks(options.receivers)
        if options.shared { wish.sharing = .assumed }
        wish.keepsGoing = options.keepGoing
        wish.patience = [options.wait, options.timeout].compactMap(\.self).min()
        wish.readersMax = options.readers
        wish.hasOneReader = options.unpack || options.withLibs
        return wish
    }
}

/// The reason why a command line gives no wish.
enum StageWishError: Error {
    /// A source that has no name of its own.
    case nameless(String)
    /// A path of `--files-from` is longer than any path below its source may be.
    case longName
    case description(MetainfoCommandError)
    case trackers(SuperPeerError)

    var sentence: String {
        switch self {
        case .nameless(let path): "\(harmless(path)) has no name"
        case .longName: "--files-from names a path that is too long"
        case .description(let error): error.sentence
        case .trackers(let refusal): refusal.sentence
        }
    }
}

extension StageOptions {
    /// The options as they are for one rank: a SOURCE of `collect` may have its own path there.
    func of(_ rank: Rank, host: String) -> StageOptions {
        guard let collect else { return self }
        var options = self
        options.paths[0] = expanded(collect.source, rank: rank, host: host)
        return options
    }

    /// The name of a source at the destination; the name of an archive loses its ending.
    func name(of path: String) -> RelativePath? {
        guard let name = sourceName(path), unpack else { return sourceName(path) }
        return ArchiveName.stem(of: name)
    }
}

/// The name of a source at the destination: the last component of its path, or of its real path if
/// that component is `.` or `..`.
func sourceName(_ path: String) -> RelativePath? {
    for candidate in [path, realPath(path)] {
        guard let last = candidate.split(separator: "/").last else { continue }
        do throws(PathError) { return try RelativePath(bytes: Array(last.utf8)) } catch { continue }
    }
    return nil
}
