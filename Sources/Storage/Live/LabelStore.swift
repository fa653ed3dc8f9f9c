package import Content
import Glibc
package import Vocabulary

/// The store of `run`: contents whose pieces are labels need no room until they are written, and
/// all others are files that a `LiveStore` fetches. A finished want becomes a file in the output
/// folder. Only the long manifests of what is owned are held in memory, to be served.
package struct LabelStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    private let contents: PeerContents
    /// Nil if nothing is wanted: a rank that only serves needs no right to write.
    private let storage: LiveStorage?
    private var live: LiveStore?
    /// Before the name of each file that is written.
    private let prefix: String
    private let wanted: [RelativePath]
    /// The manifests of contents that consist of labels, and are owned or were opened.
    private var manifests: [ContentID: Manifest] = [:]
    private var events: Backlog<StoreEvent>
    /// The next event, and the words that are reported before it, the first ones last.
    private var collected: StoreEvent?
    private var troubles: [String] = []

    /// Pieces kept and not yet collected; wants come on top, each of which is finished once.
    package static let keptMax = 1 << 16

    /// `output` is created where it is missing, and refused unless it can be written to. `bell`
    /// rings when an answer has come.
    package init(
        _ contents: PeerContents, output: String, peer: Int, wanted: [RelativePath],
        owned: [Publication] = [], bell: (any ReaderBell)? = nil
    ) throws(StorageError) {
        try self.init(
            contents, output: output, naming: .temporary(prefix: "client\(peer)"),
            prefix: "client\(peer)_", wanted: wanted, bell: bell)
        for publication in owned { publish(publication) }
    }

    /// Wants one file of a known geometry, which gets its own name in `output`, and goes on with
    /// what is left of it there.
    package init(
        _ contents: PeerContents, output: String, wanting file: RelativePath,
        cutAs geometry: Geometry, bell: (any ReaderBell)? = nil
    ) throws(StorageError) {
        try self.init(
            contents, output: output, naming: .file(file, geometry), prefix: "", wanted: [file],
            bell: bell)
    }

    private init(
        _ contents: PeerContents, output: String, naming: LiveNaming, prefix: String,
        wanted: [RelativePath], bell: (any ReaderBell)?
    ) throws(StorageError) {
        self.contents = contents
        self.prefix = prefix
        self.wanted = wanted
        events = Backlog(countMax: Self.keptMax + wanted.count)
        guard !wanted.isEmpty else {
            storage = nil
            return
        }
        let storage = try LiveStorage(
            contents, output: output, naming: naming, destinations: Destinations(), bell: bell)
        self.storage = storage
        live = LiveStore(storage)
    }

    /// Fails if something lies at the path that a file may not replace.
    package static func demandPlace(_ path: String) throws(StorageError) {
        let mayReplace = LiveStorage.mayGiveWay(path) && !LiveStorage.isFolder(path)
        guard mayReplace else { throw .notAFile(path: path) }
    }

    /// Those that carry bytes are in the `FileContents`.
    package mutating func publish(_ publication: Publication) {
        if !publication.geometry.carriesBytes {
            manifests[publication.content] = publication.manifest
        }
        guard let nested = publication.nested else { return }
        contents.memory.put(
            publication.encoded, as: nested.content, geometry: nested.manifest.geometry)
    }

    package mutating func perform(_ order: StoreOrder, bytes: RawSpan) {
        switch order {
        case .open(let content), .openFetched(let content, _):
            // One's own manifest needs no comparison with that of another rank.
            guard let manifest = manifests[content] else { break }
            return events.append(.opened(content, OpenedContent(manifest.geometry)))
        case .proof(let content, let order):
            if let answer = order.answer(provenByManifest: content) { events.append(answer) }
            return
        case .finish(let content, let want): return finish(content, for: want)
        default: break
        }
        live?.perform(order, bytes: bytes)
    }

    package mutating func blank(byteCount: Int) -> PieceBuffer {
        PieceBuffer(byteCount: byteCount)
    }

    package mutating func keep(
        _ payload: consuming PieceBuffer, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        guard let manifest = manifests[content] else {
            live?.keep(payload, as: piece, of: content, digest: digest)
            return
        }
        let isGood = payload.withBytes { manifest.verifies($0, as: piece) }
        events.append(isGood ? .kept(piece, of: content) : .bad(piece, of: content))
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    // MARK: The end

    private mutating func finish(_ content: ContentID, for want: WantNumber) {
        guard let storage else { preconditionFailure("only what is wanted can be finished") }
        do throws(StorageError) {
            let name = try outputName(of: wanted[want.position])
            if case .labels(let labels) = manifests[content]?.body {
                return storage.lanes.submit(content) {
                    storage.finish(content, labels, for: want, as: name)
                }
            }
            let order = UInt64(want.position)
            storage.destinations.expect(order, exactlyAt: name)
            storage.aim(want, of: content, at: order)
            live?.perform(.finish(content, want), bytes: RawSpan())
        } catch {
            contents.files.tell(error)
            events.append(.unfinished(content, want, error.failure))
        }
    }

    private func outputName(of name: RelativePath) throws(StorageError) -> RelativePath {
        precondition(name.isSingleName, "a classic name lies directly in its folder")
        do throws(PathError) { return try RelativePath("\(prefix)\(name)") } catch {
            // The name was acceptable; only its length can have become too much.
            throw .system(call: "renameat", path: "\(prefix)\(name)", errno: ENAMETOOLONG)
        }
    }

    package mutating func next() -> StoreEvent? {
        if collected == nil {
            collected = events.next() ?? live?.next()
            if let collected { note(collected) }
            // Looked for after the event, since they come before it.
            troubles = contents.files.takeTroubles() + troubles
        }
        return troubles.popLast().map { .troubled($0) } ?? collected.take()
    }

    private mutating func note(_ event: StoreEvent) {
        switch event {
        case .opened(let content, let opened?) where !opened.geometry.carriesBytes:
            manifests[content] = storage?.manifest(of: content)
        case .finished(_, let want), .unfinished(_, let want, _):
            let outcome = storage?.destinations.outcome(of: UInt64(want.position))
            if case .trouble(let words) = outcome { troubles.append(words) }
        default: break
        }
    }
}
