import Content
package import Vocabulary

/// The download thread's side of the storage of a rank: arriving pieces are passed to the disk
/// workers, and their answers are collected.
package struct TreeStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    private let storage: StageStorage
    /// Describes the contents that are held in memory: long manifests.
    private var manifests: [ContentID: Manifest] = [:]
    /// The events to return, the next one last.
    private var collected: [StoreEvent] = []

    package init(_ storage: StageStorage) { self.storage = storage }

    package mutating func perform(_ order: StoreOrder, bytes: RawSpan) {
        switch order {
        case .open(let content): open(content, manifest: bytes)
        case .openFetched(let content, let manifest): open(content, fetchedAs: manifest)
        case .settle(let content, let isGranted, let taken):
            storage.crew.submit(.write) { [storage] in
                storage.settle(content, isGranted: isGranted, taken: taken)
            }
        case .proof(let content, let order): perform(order, of: content, bytes: bytes)
        case .finish(let content, let want): storage.finish(content, for: want)
        case .lookAgain: LastLook(storage: storage).look()
        case .removeSource: LastLook(storage: storage).look(removesSource: true)
        // The job has no users, and what has arrived of a content stays for the next job.
        case .aim, .release, .forsake: break
        }
    }

    private func perform(_ order: ProofOrder, of content: ContentID, bytes: RawSpan) {
        switch order {
        case .prove(let table): storage.prove(content, table: table)
        case .compare(let first):
            storage.compare(content, from: first, digests: copy(of: bytes))
        case .hear(let first): storage.hear(content, from: first, digests: copy(of: bytes))
        case .publish: storage.publish(content)
        case .readRest: storage.readRest(of: content)
        }
    }

    private func copy(of bytes: RawSpan) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    private mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        let copy = copy(of: bytes)
        guard copy.starts(with: "MSWM".utf8) else {
            return storage.crew.submit(.write) { [storage] in storage.open(content, copy) }
        }
        guard content != .none, ContentID(ofManifest: bytes) == content else {
            return storage.answers.put(.opened(content, nil))
        }
        do throws(ManifestError) {
            let manifest = try Manifest(parsing: bytes)
            storage.memory.add(content, pieceCount: manifest.geometry.pieceCount)
            manifests[content] = manifest
            var opened = OpenedContent(manifest.geometry)
            // The publisher has it already.
            if storage.memory.pieces(of: content) != nil {
                opened.held = PieceSet(all: manifest.geometry.pieceCount)
            }
            storage.answers.put(.opened(content, opened))
        } catch {
            storage.answers.put(.opened(content, nil))
        }
    }

    private func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        storage.crew.submit(.write) { [storage] in
            guard let bytes = storage.memory.bytes(of: manifest) else {
                return storage.answers.put(.opened(content, nil))
            }
            storage.open(content, bytes)
        }
    }

    package mutating func blank(byteCount: Int) -> PieceBuffer {
        storage.pool.buffer(byteCount: byteCount)
    }

    package mutating func keep(
        _ payload: consuming PieceBuffer, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        let buffer = payload
        if let manifest = manifests[content] {
            guard buffer.withBytes({ manifest.verifies($0, as: piece) }) else {
                return storage.answers.put(.bad(piece, of: content))
            }
            storage.memory.put(buffer, as: piece, of: content)
            return storage.answers.put(.kept(piece, of: content))
        }
        storage.crew.submit(.write) { [storage] in
            storage.keep(buffer, as: piece, of: content, digest: digest)
        }
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    package mutating func next() -> StoreEvent? {
        if collected.isEmpty { collected = storage.answers.take() }
        return collected.popLast()
    }
}
