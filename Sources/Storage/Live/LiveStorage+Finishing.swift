import Content
import Glibc
import Synchronization
import Vocabulary

/// Giving a whole content its name.
extension LiveStorage {
    /// The answer comes last: with it the number of the order is free for the next one.
    func finish(_ content: ContentID, for want: WantNumber) {
        let answer = named(content, for: want)
        release(want)
        answers.put(answer)
    }

    /// Writes a content whose pieces are labels.
    func finish(
        _ content: ContentID, _ labels: LabelTable, for want: WantNumber, as name: RelativePath
    ) {
        do throws(StorageError) {
            try folder(at: output).write(name) { file throws(StorageError) in
                try unsafe file.write(labels.text.span.bytes)
            }
            answers.put(.finished(content, want))
        } catch {
            files.tell(error)
            answers.put(.unfinished(content, want, error.failure))
        }
    }

    private func named(_ content: ContentID, for want: WantNumber) -> StoreEvent {
        // The user may have left meanwhile, and the order may have no destination any more.
        guard let order = book.withLock({ $0.aims[want]?.order }),
            let destination = destinations.row(of: order)
        else { return .unfinished(content, want, .failing(errno: ECANCELED)) }
        let name = name(of: content, at: destination)
        do throws(StorageError) {
            if let proof = destination.proof {
                let path = files.livePart(of: content)?.path ?? files.source(of: content)?.path
                guard let path, proof(path) else {
                    throw .notAsDescribed(path: name.description)
                }
            }
            let place = try place(of: name, at: destination)
            guard Self.mayGiveWay(place) else { throw .notAFile(path: place) }
            try put(content, at: place, for: want)
            destinations.settle(order, .lies(at: place, name: name))
            return .finished(content, want)
        } catch {
            let words = files.words(error)
            if case .notAsDescribed = error {
                destinations.settle(order, .differs(words))
                removeUnnamed(content, besides: want)
            } else {
                destinations.settle(order, .trouble(words))
            }
            return .unfinished(content, want, error.failure)
        }
    }

    /// Whether it is compared with a description before it gets its name.
    func hasProof(_ want: WantNumber) -> Bool {
        book.withLock { $0.aims[want]?.order }.flatMap { destinations.row(of: $0)?.proof } != nil
    }

    /// A candidate that was fetched for a comparison with a description is of no other use.
    private func removeUnnamed(_ content: ContentID, besides want: WantNumber) {
        let isWanted = book.withLock { book in
            book.aims.contains { $0.key != want && $0.value.content == content }
        }
        if !isWanted { files.livePart(of: content)?.remove() }
    }

    private func put(
        _ content: ContentID, at path: String, for want: WantNumber
    ) throws(StorageError) {
        if let source = files.source(of: content), Self.isSame(source.path, path) { return }
        if let part = files.livePart(of: content) {
            if let named = part.namedPath, part.isThere, Self.isSame(named, path) { return }
            do throws(StorageError) {
                if try part.takeName(path) { return }
            } catch {
                guard part.isRemoved else { throw error }
            }
        }
        // It has a name already, lies on another disk, or is shared now: this is another one of it.
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        let total = manifest(of: content)?.geometry.total.raw ?? 0
        try reserve(.copy(want), total, of: try room(parent), at: parent) {
            $0.aims[want] != nil
        }
        let folder = try folder(at: parent)
        let name = try Self.relative(String(path[path.utf8.index(after: slash)...]), in: path)
        try folder.write(name) { file throws(StorageError) in
            let isWhole = try readAll(content, at: path) { bytes throws(StorageError) in
                try file.write(bytes)
                book.withLock { $0.rooms.wrote(bytes.byteCount, of: .copy(want)) }
            }
            guard isWhole else { throw .changed(path: path) }
        }
        // A file that could not be renamed is served from its present place.
        files.livePart(of: content)?.settle(at: path)
    }

    /// False where a piece is not here.
    func readAll(
        _ content: ContentID, at path: String? = nil,
        _ take: (RawSpan) throws(StorageError) -> Void
    ) throws(StorageError) -> Bool {
        guard let manifest = manifest(of: content) else { return false }
        let path = path ?? content.description
        return try files.readAll(content, by: manifest, at: path) { bytes throws(StorageError) in
            guard !isClosed else {
                throw .system(call: "copy", path: path, errno: ECANCELED)
            }
            try take(bytes)
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        do throws(StorageError) {
            return try SourceIdentity(path: one) == SourceIdentity(path: other)
        } catch {
            return false
        }
    }

    /// That under which it was asked for. A manifest does not say one where the same bytes may have
    /// several.
    private func name(of content: ContentID, at destination: Destinations.Row) -> RelativePath {
        destination.name ?? manifest(of: content)?.name ?? Manifest.unnamed
    }

    /// An absolute path whose folder is there.
    private func place(
        of relative: RelativePath, at destination: Destinations.Row
    ) throws(StorageError) -> String {
        let name = relative.description
        guard let wanted = destination.path else {
            try makeParents(of: relative)
            return "\(output)/\(name)"
        }
        var path = wanted.utf8.first == UInt8(ascii: "/") ? wanted : "\(output)/\(wanted)"
        let isFolder = path.utf8.last == UInt8(ascii: "/") || Self.isFolder(path)
        if isFolder, !destination.isExact {
            let last = name.split(separator: "/").last.map(String.init) ?? name
            path += path.utf8.last == UInt8(ascii: "/") ? last : "/" + last
        }
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        if slash > path.startIndex { _ = try OpenFile(creatingFolder: String(path[..<slash])) }
        return path
    }

    /// Beneath the output folder, through no link.
    private func makeParents(of name: RelativePath) throws(StorageError) {
        var folder = try OpenFile(creatingFolder: output)
        var path = output
        for component in name.description.split(separator: "/").dropLast() {
            path += "/\(component)"
            let below = folder.raw
            do throws(StorageError) {
                try posix("mkdirat", path) { unsafe mkdirat(below, String(component), 0o777) }
            } catch .system(_, _, EEXIST) {
                // It is opened below, if it is a folder.
            }
            folder = try OpenFile(folder: String(component), in: folder, path: path)
        }
    }

    /// Nothing, a file, or a link; not a pipe, or a device that others need. A folder does not by
    /// itself.
    static func mayGiveWay(_ path: String) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return true }
        return [S_IFREG, S_IFLNK, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func relative(_ name: String, in path: String) throws(StorageError)
        -> RelativePath
    {
        do throws(PathError) { return try RelativePath(name) } catch {
            throw .badName(name, in: path, error)
        }
    }
}
