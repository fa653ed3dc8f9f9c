import CommandLine
import Content
import Control
import Glibc
import Storage
import Vocabulary

/// `mpiswarm make PATH`: digests the files there and writes their description. The same input gives
/// the same bytes.
struct Make {
    private let options: MakeOptions

    init(_ options: MakeOptions) { self.options = options }

    func perform() -> Int32 { performed(make) }

    private var format: MakeOptions.Format { options.chosenFormat }

    private func make() throws(MetainfoCommandError) -> Int32 {
        if options.isToStandardOutput {
            let (bytes, _) = try content()
            guard say(bytes, on: .output) else { throw .unwritableOutput }
        } else {
            say("\(try write())\n", on: .output)
        }
        return 0
    }

    /// Returns a summary of the written file. Ends early when `isWanted` turns false.
    func write(
        whileWanted isWanted: @escaping () -> Bool = { true }
    ) throws(MetainfoCommandError) -> String {
        let output = try output()
        // An existing file is refused before anything is read, and again when the name is taken.
        if !options.isForced, isThere(output) { throw .isThere(output) }
        let (bytes, summary) = try content(whileWanted: isWanted)
        try write(bytes, to: output)
        return "\(harmless(output)): \(summary)"
    }

    private func output() throws(MetainfoCommandError) -> String {
        if let output = options.output { return output }
        return "\(try name()).\(format.ending.rawValue)"
    }

    private func content(
        whileWanted isWanted: @escaping () -> Bool = { true }
    ) throws(MetainfoCommandError) -> (bytes: [UInt8], summary: String) {
        let tree = try openTree(options.path)
        if tree.isFolder, !format.describesFolders {
            throw .fileWanted(options.path, format: format.words)
        }
        let name = try name()
        let files = try files(in: tree, name: name, output: try output())
        if format == .sha256sums {
            let list = try ChecksumList(of: files, in: tree, called: options.path)
            let size = ByteCount(files.reduce(0) { $0 + $1.length })
            return (list.encoded, "\(format.words), \(counted(files.count)), \(size.words)")
        }
        let draft = try MetainfoDraft(
            options, name: name, isSingleFile: !tree.isFolder, files: files)
        let paths: [RelativePath?] = tree.isFolder ? draft.paths : [nil]
        var reading = try ContentReading(draft.plan, whileWanted: isWanted)
        let digests = reading.digests(paths, in: tree)
        if let trouble = reading.troubles.first {
            let path = paths[trouble.stretch].map { "\(options.path)/\($0)" } ?? options.path
            switch trouble.kind {
            case .unreadable(let error): throw .unreadable(path, error)
            case .length: throw .changed(path)
            }
        }
        let metainfo = try draft.metainfo(of: digests)
        return (metainfo.encoded(), MetainfoReport(metainfo).summary)
    }

    private func counted(_ files: Int) -> String { "\(files) file\(files == 1 ? "" : "s")" }

    private func files(
        in tree: borrowing SourceTree, name: RelativePath, output: String
    ) throws(MetainfoCommandError) -> [(path: RelativePath, length: Int64)] {
        do throws(StorageError) {
            guard tree.isFolder else { return [(name, try tree.open(nil).state.length)] }
            let listing = try tree.list(without: FileIdentity(path: output))
            if let first = listing.leftOut.first {
                let more = listing.leftOut.count - 1
                let others = more == 0 ? "" : " (and \(more) more)"
                say("mpiswarm: left out as a link or no file: \(first)\(others)\n", on: .error)
            }
            return listing.files
        } catch { throw .unreadable(options.path, error) }
    }

    /// The last component as it was written; if that is `.` or `..`, that of the real path.
    private func name() throws(MetainfoCommandError) -> RelativePath {
        var flaw = PathError.empty
        for path in [options.path, realPath(options.path)] {
            let last = path.split(separator: "/").last.map(String.init) ?? ""
            do throws(PathError) { return try RelativePath(last) } catch { flaw = error }
            guard flaw == .climbs || flaw == .empty else { break }
        }
        throw .nameless(options.path, flaw)
    }

    private func write(_ bytes: [UInt8], to path: String) throws(MetainfoCommandError) {
        do {
            try writeWhole(bytes, path: path, replacing: options.isForced)
        } catch {
            switch error {
            case .notAFile: throw .notAFile(path)
            case .system(_, _, EEXIST): throw .isThere(path)
            default: throw .unwritable(path, error)
            }
        }
    }

    private func isThere(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}

func realPath(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}

func openTree(_ path: String) throws(MetainfoCommandError) -> SourceTree {
    do { return try SourceTree(path: path) } catch { throw .unreadable(path, error) }
}

extension MakeOptions.Format {
    var describesFolders: Bool {
        switch self {
        case .torrentV1, .torrentV2, .hybrid, .sha256sums: true
        case .seed, .manifest: false
        }
    }

    var words: String {
        switch self {
        case .torrentV1: "v1 torrent"
        case .torrentV2: "v2 torrent"
        case .hybrid: "hybrid torrent"
        case .seed: "seed file"
        case .manifest: "manifest"
        case .sha256sums: "SHA-256 checksums"
        }
    }
}
