import CommandLine
import Content
import Staging
import Storage
import Vocabulary

/// The entries of a SOURCE, encoded for rank 0: the description of a tree, or the reason why there
/// is none.
struct StageList: Sendable {
    let source: Int
    let bytes: [UInt8]
    let leftOut: [LeftOut]

    /// If the source is a torrent or a seed file, `described` has the files that this rank has of
    /// it. The parts of an archive that takes time to read may travel before it is listed if it
    /// `mayBeEarly`.
    init(
        of source: Int, _ options: StageOptions, _ filter: PathFilter,
        _ described: DescribedSource?, _ archive: UnpackedArchive?,
        _ executable: LinkedExecutable?, mayBeEarly: Bool
    ) {
        self.source = source
        let path = options.sourcePaths[source]
        if mayBeEarly, let found = archive?.parts() {
            bytes =
                EarlyListing(
                    partCount: found.count, packedByteCount: found.packedByteCount
                ).encoded
            leftOut = []
            return
        }
        if let described {
            bytes = Self.held(path, described)
            leftOut = []
            return
        }
        do throws(StorageError) {
            (bytes, leftOut) =
                if let archive {
                    try Self.unpacked(archive, path, options, filter)
                } else if let executable {
                    try Self.linked(executable, path, options)
                } else {
                    try Self.described(path, options, filter)
                }
        } catch {
            bytes = Array((sentence(error) + Self.hint(error, options)).utf8)
            leftOut = []
        }
    }

    /// The advice to use `--lib`, which `sbcast` does not have.
    private static func hint(_ error: StorageError, _ options: StageOptions) -> String {
        guard options.command == StageOptions.table.description.name,
            case .badExecutable(_, .notFound) = error
        else { return "" }
        return ", or name the file with --lib"
    }

    private static func described(
        _ path: String, _ options: StageOptions, _ filter: PathFilter
    ) throws(StorageError) -> ([UInt8], [LeftOut]) {
        guard let name = sourceName(path) else {
            return (Array("\(harmless(path)): it has no name that others could use".utf8), [])
        }
        let listing = try TreeListing(
            of: path, as: name, follows: options.follow, preserves: options.preserve,
            filter: filter)
        let leftOut = [
            LeftOut(.special, listing.leftOut), LeftOut(.unreadable, listing.unreadable),
            // Excluded entries may be many, and only a dry run prints them.
            options.dryRun ? LeftOut(.excluded, listing.excluded) : nil,
        ]
        return (encoded(listing.entries, path), leftOut.compactMap(\.self))
    }

    private static func unpacked(
        _ archive: UnpackedArchive, _ path: String, _ options: StageOptions, _ filter: PathFilter
    ) throws(StorageError) -> ([UInt8], [LeftOut]) {
        let listing = try archive.listing().chosen(by: filter, preserves: options.preserve)
        let leftOut = [
            LeftOut(.special, listing.leftOut),
            options.dryRun ? LeftOut(.excluded, listing.excluded) : nil,
        ]
        return (encoded(listing.entries, path), leftOut.compactMap(\.self))
    }

    private static func linked(
        _ executable: LinkedExecutable, _ path: String, _ options: StageOptions
    ) throws(StorageError) -> ([UInt8], [LeftOut]) {
        let listing = try executable.listing(preserves: options.preserve)
        let leftOut = [
            listing.isStatic ? LeftOut(.linkedStatically, listing.entries.map(\.path)) : nil,
            options.dryRun ? LeftOut(.excluded, listing.skipped) : nil,
        ]
        return (encoded(listing.entries, path), leftOut.compactMap(\.self))
    }

    private static func held(_ path: String, _ described: DescribedSource) -> [UInt8] {
        do throws(MetainfoCommandError) {
            guard let held = try described.held() else {
                return DescribedList.encoded(
                    Array("\(harmless(described.folder)): it is gone".utf8), [])
            }
            return DescribedList.encoded(encoded(held.entries, path), try held.loose())
        } catch { return DescribedList.encoded(Array(error.sentence.utf8), []) }
    }

    private static func encoded(_ entries: [TreeEntry], _ path: String) -> [UInt8] {
        do throws(TreeError) {
            // Neither the piece length nor the publisher is known yet.
            return try TreeManifest(
                entries: entries, pieceLength: Manifest.pieceLengthMax, digest: .xxh3,
                origin: TreeManifest.Origin(publisher: .first, job: 0)
            ).encoded()
        } catch {
            return Array("\(harmless(path)): it is more than can be described".utf8)
        }
    }
}
