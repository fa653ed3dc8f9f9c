package import Content
import Glibc
package import Vocabulary

/// The store of `run`: contents whose pieces are labels need no room, contents that carry bytes
/// (files, and long manifests) lie on disk, and a finished want becomes a file in the output
/// folder. Only the long manifests of what is owned are held in memory, to be served.
///
/// Everything is done when it is asked for; only the answers wait.
package struct LabelStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    /// Nil if nothing is wanted: a rank that only serves needs no right to write.
    private let output: OutputFolder?
    /// Before the name of each file that is written.
    private let prefix: String
    private let remnant: Remnant?
    private let wanted: [RelativePath]
    private let memory: MemoryContents
    private let files: FileContents
    /// The next one last.
    private var troubles: [String] = []
    private var manifests: [ContentID: Manifest] = [:]
    private var events: Backlog<StoreEvent>

    /// Pieces kept and not yet collected; wants come on top, each of which is finished once.
    package static let keptMax = 1 << 16

    /// `output` is created where it is missing, and refused unless it can be written to.
    package init(
        output: String, peer: Int, wanted: [RelativePath], owned: [Publication],
        memory: MemoryContents, files: FileContents
    ) throws(StorageError) {
        try self.init(
            output: wanted.isEmpty ? nil : OutputFolder(path: output, prefix: "client\(peer)"),
            prefix: "client\(peer)_", wanted: wanted, remnant: nil, memory: memory, files: files)
        for publication in owned { publish(publication) }
    }

    /// Wants one file, which gets its own name in `output`, and goes on with what is left of it
    /// there.
    package init(
        output: String, remnant: Remnant, memory: MemoryContents, files: FileContents
    ) throws(StorageError) {
        try self.init(
            output: OutputFolder(path: output, prefix: "mpiswarm"), prefix: "",
            wanted: [remnant.name], remnant: remnant, memory: memory, files: files)
    }

    private init(
        output: OutputFolder?, prefix: String, wanted: [RelativePath], remnant: Remnant?,
        memory: MemoryContents, files: FileContents
    ) throws(StorageError) {
        self.output = output
        self.prefix = prefix
        self.remnant = remnant
        self.wanted = wanted
        self.memory = memory
        self.files = files
        events = Backlog(countMax: Self.keptMax + wanted.count)
    }

    /// Those that carry bytes are in the `FileContents`.
    package mutating func publish(_ publication: Publication) {
        manifests[publication.content] = publication.manifest
        guard let nested = publication.nested else { return }
        manifests[nested.content] = nested.manifest
        memory.put(
            publication.encoded, as: nested.content, geometry: nested.manifest.geometry)
    }

    package mutating func perform(_ order: StoreOrder, bytes: RawSpan) {
        switch order {
        case .open(let content): open(content, manifest: bytes)
        case .openFetched(let content, let manifest): open(content, fetchedAs: manifest)
        case .proof(let content, let order):
            if let answer = order.answer(provenByManifest: content) { events.append(answer) }
        case .finish(let content, let want): finish(content, for: want)
        // No room is measured, nothing is kept for a later run, and there are no users.
        case .settle, .forsake, .aim, .release, .lookAgain, .removeSource: break
        }
    }

    private mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        guard let manifest = learn(content, bytes) else {
            return events.append(.opened(content, nil))
        }
        var opened = OpenedContent(manifest.geometry)
        do throws(StorageError) {
            opened.held = try prepare(content, manifest)
        } catch { return fail(content, error) }
        events.append(.opened(content, opened))
    }

    /// Makes room for it, and says what of it is here.
    private func prepare(
        _ content: ContentID, _ manifest: Manifest
    ) throws(StorageError) -> PieceSet {
        let geometry = manifest.geometry
        let nothing = PieceSet(none: geometry.pieceCount)
        guard geometry.carriesBytes, let output else { return nothing }
        guard let remnant, remnant.geometry == geometry else {
            try files.add(content, geometry, in: output)
            return nothing
        }
        let good = remnant.good(by: manifest)
        try files.add(content, remnant, good, in: output)
        return good.pieces
    }

    private mutating func fail(_ content: ContentID, _ error: StorageError) {
        files.drop(content)
        files.tell(error)
        events.append(.failed(content, error.failure))
    }

    private mutating func learn(_ content: ContentID, _ bytes: RawSpan) -> Manifest? {
        guard content != .none, ContentID(ofManifest: bytes) == content else { return nil }
        if let known = manifests[content] { return known }
        do throws(ManifestError) {
            let manifest = try Manifest(parsing: bytes)
            manifests[content] = manifest
            return manifest
        } catch {
            return nil
        }
    }

    private mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        var bytes: [UInt8] = []
        do throws(StorageError) {
            guard let known = manifests[manifest] else {
                return events.append(.opened(content, nil))
            }
            let isWhole = try files.readAll(manifest, by: known) { piece throws(StorageError) in
                unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
            }
            guard isWhole else { return events.append(.opened(content, nil)) }
        } catch { return fail(content, error) }
        unsafe open(content, manifest: bytes.span.bytes)
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
        do throws(StorageError) {
            if manifest.geometry.carriesBytes {
                // It was dropped after a failure, which was reported.
                guard let part = files.part(of: content) else { return }
                try part.put(payload, as: piece)
            }
            events.append(.kept(piece, of: content))
        } catch { fail(content, error) }
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    // MARK: The end

    private mutating func finish(_ content: ContentID, for want: WantNumber) {
        do throws(StorageError) {
            try write(content, to: outputName(of: wanted[want.position]))
            events.append(.finished(content, want))
        } catch {
            files.tell(error)
            events.append(.unfinished(content, want, error.failure))
        }
    }

    package mutating func next() -> StoreEvent? {
        // The reason of a failure is reported before the failure.
        if troubles.isEmpty { troubles = files.takeTroubles() }
        return troubles.popLast().map { .troubled($0) } ?? events.next()
    }

    private func outputName(of name: RelativePath) throws(StorageError) -> RelativePath {
        precondition(name.isSingleName, "a classic name lies directly in its folder")
        do throws(PathError) { return try RelativePath("\(prefix)\(name)") } catch {
            // The name was acceptable; only its length can have become too much.
            throw .system(call: "renameat", path: "\(prefix)\(name)", errno: ENAMETOOLONG)
        }
    }

    private borrowing func write(
        _ content: ContentID, to name: RelativePath
    ) throws(StorageError) {
        guard let manifest = manifests[content] else {
            preconditionFailure("only what was opened can be finished")
        }
        switch manifest.body {
        case .labels(let labels):
            try output?.write(name) { file throws(StorageError) in
                try unsafe file.write(labels.text.span.bytes)
            }
        case .xxh3:
            if let part = files.part(of: content) {
                if try !part.isAsLeft() {
                    // A wrong piece is found by the next run too, and comes again.
                    guard try files.readAll(content, by: manifest, { _ in }) else {
                        throw .changed(path: manifest.name.description)
                    }
                }
                if try part.takeName(name) { return }
            }
            try output?.write(name) { file throws(StorageError) in
                let isWhole = try files.readAll(content, by: manifest) {
                    bytes throws(StorageError) in
                    try file.write(bytes)
                }
                guard isWhole else { throw .changed(path: manifest.name.description) }
            }
        }
    }
}
