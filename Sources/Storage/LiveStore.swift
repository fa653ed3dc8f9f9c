import Content
import Glibc
package import Vocabulary

/// The store of a rank whose users ask for files while the job runs. What comes grows in the output
/// folder, and is named when it is whole. What had the name is replaced.
///
/// Everything is done when it is asked for; only the answers wait.
package struct LiveStore: ~Copyable, DigestedStore {
    package typealias Payload = PieceBuffer

    private let output: String
    private let rank: Rank
    private let shelf: MemoryShelf
    private let files: FileShelf
    private let destinations: Destinations
    private var manifests: [ContentID: Manifest] = [:]
    private var orders: [WantNumber: UInt64] = [:]
    private var events: Backlog<StoreEvent>

    package static let keptMax = 1 << 16

    /// `output` is created where it is missing, and refused unless it can be written to.
    package init(
        output: String, rank: Rank, shelf: MemoryShelf, files: FileShelf,
        destinations: Destinations
    ) throws(StorageError) {
        _ = try OutputFolder(path: output, prefix: "mpiswarm.\(rank)")
        self.output = output
        self.rank = rank
        self.shelf = shelf
        self.files = files
        self.destinations = destinations
        events = Backlog(countMax: Self.keptMax)
    }

    package mutating func aim(_ want: WantNumber, at order: UInt64) { orders[want] = order }

    package mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        guard let manifest = learn(content, bytes), manifest.geometry.carriesBytes else {
            return events.append(.opened(content, nil))
        }
        var opened = OpenedContent(manifest.geometry)
        do throws(StorageError) {
            if files.source(of: content) != nil {
                opened.held = PieceSet(all: manifest.geometry.pieceCount)
            } else if let part = files.livePart(of: content), part.isThere {
                opened.held = part.kept
            } else {
                let part = try LivePart(content, manifest.geometry, in: output, rank: rank)
                files.add(part, as: content)
                opened.held = part.kept
            }
        } catch { return fail(content, error) }
        events.append(.opened(content, opened))
    }

    private func manifest(of content: ContentID) -> Manifest? {
        manifests[content] ?? files.source(of: content)?.publication.manifest
    }

    private mutating func learn(_ content: ContentID, _ bytes: RawSpan) -> Manifest? {
        guard content != .none, ContentID(ofManifest: bytes) == content else { return nil }
        do throws(ManifestError) {
            let manifest = try Manifest(parsing: bytes)
            manifests[content] = manifest
            return manifest
        } catch {
            return nil
        }
    }

    /// What has come stays for another try.
    private mutating func fail(_ content: ContentID, _ error: StorageError) {
        files.tell(error)
        events.append(.failed(content, error.failure))
    }

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        do throws(StorageError) {
            guard let bytes = try bytes(of: manifest) else {
                return events.append(.opened(content, nil))
            }
            // From now on others are served it from memory.
            if let geometry = manifests[manifest]?.geometry {
                shelf.put(bytes, as: manifest, geometry: geometry)
                files.drop(manifest)
            }
            unsafe open(content, manifest: bytes.span.bytes)
        } catch { fail(content, error) }
    }

    private func bytes(of content: ContentID) throws(StorageError) -> [UInt8]? {
        if let bytes = shelf.bytes(of: content) { return bytes }
        guard let manifest = manifest(of: content) else { return nil }
        var bytes: [UInt8] = []
        let isWhole = try files.readAll(content, by: manifest) { piece throws(StorageError) in
            unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        return isWhole ? bytes : nil
    }

    package mutating func blank(byteCount: Int) -> PieceBuffer {
        PieceBuffer(byteCount: byteCount)
    }

    package mutating func keep(
        _ payload: consuming PieceBuffer, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        guard let manifest = manifests[content] else {
            preconditionFailure("pieces come only of contents that were opened")
        }
        guard payload.withBytes({ manifest.verifies($0, as: piece) }) else {
            return events.append(.bad(piece, of: content))
        }
        // Its owner's file may have come here by another way meanwhile.
        guard let part = files.livePart(of: content) else {
            return events.append(.failed(content, .failing(errno: ESTALE)))
        }
        do throws(StorageError) {
            try part.put(payload, as: piece)
            events.append(.kept(piece, of: content))
        } catch { fail(content, error) }
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    package mutating func forsake(_ content: ContentID) {
        if files.livePart(of: content)?.namedPath == nil { files.drop(content) }
    }

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        let order = orders.removeValue(forKey: want) ?? 0
        do throws(StorageError) {
            let place = try place(of: content, for: order)
            try put(content, at: place)
            if let name = manifest(of: content)?.name {
                destinations.settle(order, .lies(at: place, name: name))
            }
            events.append(.finished(content, want))
        } catch {
            destinations.settle(order, .trouble(files.words(error)))
            events.append(.unfinished(content, want, error.failure))
        }
    }

    private func put(_ content: ContentID, at path: String) throws(StorageError) {
        if let source = files.source(of: content), isSame(source.path, path) { return }
        if let part = files.livePart(of: content) {
            if let named = part.namedPath, isSame(named, path) { return }
            if try part.takeName(path) { return }
        }
        // It has a name already, or lies on another disk: this is another one of it.
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = try OutputFolder(
            path: String(path[..<slash]), prefix: "mpiswarm.\(rank)")
        let name = try Self.relative(String(path[path.utf8.index(after: slash)...]), in: path)
        guard let manifest = manifest(of: content) else { throw .changed(path: path) }
        try folder.write(name) { file throws(StorageError) in
            let isWhole = try files.readAll(content, by: manifest) { bytes throws(StorageError) in
                try file.write(bytes)
            }
            guard isWhole else { throw .changed(path: path) }
        }
        // What could not be renamed to there is served from where it is.
        files.livePart(of: content)?.settle(at: path)
    }

    private func isSame(_ one: String, _ other: String) -> Bool {
        do throws(StorageError) {
            return try SourceIdentity(path: one) == SourceIdentity(path: other)
        } catch {
            return false
        }
    }

    /// An absolute path whose folder is there.
    private func place(of content: ContentID, for order: UInt64) throws(StorageError) -> String {
        guard let manifest = manifest(of: content) else {
            throw .changed(path: content.description)
        }
        let name = manifest.name.description
        guard let wanted = destinations.path(of: order) else {
            try makeParents(of: manifest.name)
            return "\(output)/\(name)"
        }
        var path = wanted.utf8.first == UInt8(ascii: "/") ? wanted : "\(output)/\(wanted)"
        if path.utf8.last == UInt8(ascii: "/") || Self.isFolder(path) {
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

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func relative(_ name: String, in path: String) throws(StorageError)
        -> RelativePath
    {
        do throws(PathFlaw) { return try RelativePath(name) } catch {
            throw .badName(name, in: path, error)
        }
    }

    package mutating func next() -> StoreEvent? { events.next() }
}
