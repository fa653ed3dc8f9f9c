package import Content
import Glibc
import Synchronization
package import Vocabulary

/// An executable as a source, together with the libraries that it needs. The libraries lie beside
/// it, in a folder that has its name with `_libs` at the end. The first caller searches for them,
/// and later callers get the same answer.
package final class LinkedExecutable: Sendable {
    private let path: String
    private let name: RelativePath
    private let terms: @Sendable () -> LibraryTerms
    private let state = Mutex<Linkage?>(nil)

    /// The suffix of the folder's name, the same as with sbcast.
    package static let suffix = "_libs"

    private struct Linkage {
        var libraries: [Library] = []
        var skipped: [RelativePath] = []
        var isStatic = false
    }

    private struct Library {
        let name: RelativePath
        /// The real path, which has no links in it.
        let path: String
        let identity: FileIdentity
        let state: FileState
    }

    package struct Listing: Sendable {
        package var entries: [TreeEntry] = []
        /// Libraries that are not copied, because every node has its own.
        package var skipped: [RelativePath] = []
        package var isStatic = false
    }

    /// `name` is the name of the executable in the tree.
    package init(
        of path: String, as name: RelativePath, terms: @escaping @Sendable () -> LibraryTerms
    ) {
        self.path = path
        self.name = name
        self.terms = terms
    }

    /// The entries in tree order: the executable, and the folder of its libraries, if there are
    /// any.
    package func listing(preserves: Bool) throws(StorageError) -> Listing {
        let linkage = try linkage()
        let own = try TreeListing(of: path, as: name, preserves: preserves)
        guard let first = own.entries.first, own.entries.count == 1 else {
            throw .notAFile(path: path)
        }
        var listing = Listing(
            entries: [first], skipped: linkage.skipped, isStatic: linkage.isStatic)
        guard !linkage.libraries.isEmpty else { return listing }
        let folder = try folder()
        listing.entries.append(
            TreeEntry(
                path: folder, body: .folder, mode: 0o755, modified: first.modified,
                preserved: first.preserved.map { Preserved(owner: $0.owner, group: $0.group) }))
        var known: [FileIdentity: RelativePath] = [:]
        for library in linkage.libraries {
            let entries = try TreeListing(
                of: library.path, as: library.name, preserves: preserves
            ).entries
            guard let entry = entries.first, entries.count == 1 else {
                throw .notAFile(path: library.path)
            }
            let path = try below(folder, library.name)
            let other = known[library.identity]
            known[library.identity] = other ?? path
            // The loader loads a file once, by whatever names it is known.
            listing.entries.append(
                TreeEntry(
                    path: path, body: other.map { .sameFile(as: $0) } ?? entry.body,
                    mode: entry.mode, modified: entry.modified,
                    preserved: other == nil ? entry.preserved : nil))
        }
        return listing
    }

    /// The places of the entries. Libraries that were not found have no places; `listing` has
    /// reported them.
    package var sites: [SourceSite] {
        let executable = SourceSite(name: name, path: path)
        do throws(StorageError) {
            let folder = try folder()
            var places: [RelativePath: SourceSite.Place] = [:]
            for library in try linkage().libraries {
                do throws(PathError) {
                    let below = try RelativePath(bytes: Array(library.path.utf8.dropFirst()))
                    places[try folder.joined(library.name)] = SourceSite.Place(
                        path: below, state: library.state)
                } catch { continue }
            }
            guard !places.isEmpty else { return [executable] }
            return [executable, SourceSite(name: folder, path: "/", places: places)]
        } catch { return [executable] }
    }

    private func linkage() throws(StorageError) -> Linkage {
        try state.withLock { state throws(StorageError) in
            if let linkage = state { return linkage }
            let linkage = try find()
            state = linkage
            return linkage
        }
    }

    private func find() throws(StorageError) -> Linkage {
        let terms = terms()
        var search = LibrarySearch(terms)
        var linkage = Linkage()
        let found = try search.find(for: path)
        linkage.isStatic = search.isStatic
        let choice = LibraryChoice(terms)
        let folder = try folder()
        for one in found {
            // The loader opens a library whose name is a path by that path, so a copy would not be
            // found.
            guard !one.name.contains(UInt8(ascii: "/")) else { continue }
            let name: RelativePath
            do throws(PathError) { name = try RelativePath(bytes: one.name) } catch {
                throw .badName(RelativePath.text(of: one.name[...]), in: path, error)
            }
            guard try choice.takes(one.path) else {
                linkage.skipped.append(try below(folder, name))
                continue
            }
            let real = try LibrarySearch.realPath(one.path)
            let file = try OpenFile(opening: real, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let status = try file.status(path: real)
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: real) }
            linkage.libraries.append(
                Library(
                    name: name, path: real, identity: FileIdentity(status),
                    state: try FileState(status, path: real)))
        }
        linkage.libraries.sort { $0.name < $1.name }
        linkage.skipped.sort()
        return linkage
    }

    private func folder() throws(StorageError) -> RelativePath {
        do throws(PathError) {
            return try RelativePath(bytes: name.utf8 + Array(Self.suffix.utf8))
        } catch { throw .badName(name.description + Self.suffix, in: path, error) }
    }

    private func below(
        _ folder: RelativePath, _ name: RelativePath
    ) throws(StorageError) -> RelativePath {
        do throws(PathError) { return try folder.joined(name) } catch {
            throw .badName(name.description, in: path, error)
        }
    }
}
