import CommandLine
import Content
import Glibc
import Staging
import Storage
import Vocabulary

/// Finds out which source and destination a command line names on this rank.
struct StageSurveyor {
    let options: StageOptions
    let rank: Rank
    let host: String
    let node: UInt64

    /// Surveys this rank. If it refuses the job, the survey has a sentence for the user.
    func survey() -> Survey {
        // The rank that writes replaces the names of the ranks that it collects from.
        let destination = absolute(
            options.collect == nil ? expanded(options.destination) : options.destination)
        var survey = Survey(
            host: host, node: node, sources: [], destination: destination,
            destinationIsFolder: isFolder(destination))
        if let have {
            sightDescribed(options.sourcePaths[0], under: have, &survey)
            return survey
        }
        if options.collect != nil { look(at: destination, &survey) }
        let refusal = StageRefusal(options: options, rank: rank, destination: destination)
        if let words = refusal.words { survey.refusal = words }
        for path in options.sourcePaths {
            do throws(StorageError) {
                let sight =
                    try options.unpack ? sight(ofArchive: path) : sight(of: path)
                survey.sources.append(sight)
                if sight?.isFolder == true, !options.unpack, refusal.receives,
                    options.collect == nil, lies(destination, inside: path),
                    survey.refusal.isEmpty
                {
                    survey.refusal =
                        "DEST \(harmless(destination)) lies inside SOURCE \(harmless(path)): "
                        + "each run would copy the copy of the last one"
                }
            } catch {
                survey.sources.append(nil)
                // A rank that only receives need not see the source.
                if survey.refusal.isEmpty, reads { survey.refusal = sentence(error, path) }
            }
        }
        return survey
    }

    /// Whether this rank is to have a copy.
    var receives: Bool { StageRanks.ranks(options.receivers)?.contains(rank) ?? true }

    /// Whether this rank may read the source.
    var reads: Bool { StageRanks.ranks(options.sources)?.contains(rank) ?? true }

    /// Whether the destination lies inside the source. It may be the source itself, of which
    /// nothing is missing.
    private func lies(_ destination: String, inside source: String) -> Bool {
        let goesInto = options.destination.hasSuffix("/") || options.sourcePaths.count > 1
        guard let folder = FileIdentity(path: source) else { return false }
        var parts = destination.split(separator: "/")
        if !goesInto { parts = parts.dropLast() }
        while true {
            if FileIdentity(path: "/" + parts.joined(separator: "/")) == folder { return true }
            guard !parts.isEmpty else { return false }
            parts.removeLast()
        }
    }

    /// The folder of described files on this rank.
    var have: String? { options.have.map { absolute(expanded($0)) } }

    /// Surveys a described source. A rank without the description, or without any of its bytes, is
    /// no source.
    private func sightDescribed(_ path: String, under folder: String, _ survey: inout Survey) {
        survey.sources.append(nil)
        guard unsafe access(path, F_OK) == 0 else { return }
        do throws(MetainfoCommandError) {
            let (metainfo, _) = try readMetainfo(path, pieceSize: nil)
            guard let described = try DescribedFolder(metainfo, folder),
                try described.mayHoldSome()
            else { return }
            do throws(StorageError) { survey.sources[0] = try sight(of: described.root) } catch {
                throw .unreadable(described.root, error)
            }
            survey.sources[0]?.isFolder = !metainfo.isSingleFile
        } catch { survey.refusal = reads ? error.sentence : "" }
    }

    /// The source at a path; nil if nothing is there. An entry that cannot be read is an error.
    func sight(of path: String) throws(StorageError) -> SourceProbe? {
        do throws(StorageError) {
            let identity = try SourceIdentity(path: path)
            return SourceProbe(
                isFolder: identity.isFolder, device: identity.device, inode: identity.number,
                size: identity.length, modified: identity.modified,
                system: identity.fileSystem)
        } catch .system(_, _, ENOENT) {
            return nil
        }
    }

    func expanded(_ text: String) -> String {
        Vocabulary.expanded(text, rank: rank, host: host)
    }

    func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// One line about a file, without its full stop.
func sentence(_ error: StorageError, _ path: String) -> String {
    "\(harmless(path)): \(error.reason)"
}
