import CommandLine
import Content
import Glibc
import Staging
import Storage
import Vocabulary

/// Surveys archives, which are unpacked.
extension StageSurveyor {
    /// An archive always makes a tree, which arrives as a folder.
    func sight(ofArchive path: String) throws(StorageError) -> SourceProbe? {
        guard var sight = try sight(of: path) else { return nil }
        guard !sight.isFolder else { throw .notAFile(path: path) }
        sight.isFolder = true
        return sight
    }

    /// The archives of all sources. They are unpacked beside the destination of this rank, if it
    /// gets a copy: a disk without room for the unpacked bytes has none for the copy either.
    func archives(besides survey: Survey) -> [UnpackedArchive] {
        let isDry = options.dryRun || options.check
        return options.sourcePaths.map { path in
            let name = options.name(of: path) ?? top
            return UnpackedArchive(
                of: path, as: name, beside: receives ? place(of: name, survey) : nil,
                scratch: receives && !isDry ? existing(survey.destination) : temporaryFolder,
                isDry: isDry)
        }
    }

    private func place(of name: RelativePath, _ survey: Survey) -> UnpackedArchive.Place? {
        let destination = survey.destination
        if options.destination.hasSuffix("/") || options.sourcePaths.count > 1 {
            return UnpackedArchive.Place(folder: destination, name: name.description)
        }
        let parts = destination.split(separator: "/")
        guard let last = parts.last else { return nil }
        return UnpackedArchive.Place(
            folder: "/" + parts.dropLast().joined(separator: "/"), name: String(last))
    }

    /// The deepest folder of the path that exists.
    private func existing(_ path: String) -> String {
        var parts = path.split(separator: "/")
        while !isFolder("/" + parts.joined(separator: "/")), !parts.isEmpty { parts.removeLast() }
        return "/" + parts.joined(separator: "/")
    }

    private var temporaryFolder: String {
        guard let found = unsafe getenv("TMPDIR") else { return "/tmp" }
        return unsafe String(cString: found)
    }

    /// A job whose source has no name does not begin.
    private var top: RelativePath {
        do throws(PathError) { return try RelativePath("archive") } catch {
            preconditionFailure("it is a good name")
        }
    }
}
