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

    package mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
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

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        storage.crew.submit(.write) { [storage] in
            guard let bytes = storage.memory.bytes(of: manifest) else {
                return storage.answers.put(.opened(content, nil))
            }
            storage.open(content, bytes)
        }
    }

    package mutating func settle(_ content: ContentID, isGranted: Bool, taken: ByteCount) {
        storage.crew.submit(.write) { [storage] in
            storage.settle(content, isGranted: isGranted, taken: taken)
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

    package mutating func prove(_ content: ContentID, table: PieceDigest) {
        storage.prove(content, table: table)
    }

    package mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan) {
        let copy = unsafe digests.withUnsafeBytes { unsafe Array($0) }
        storage.compare(content, from: first, digests: copy)
    }

    package mutating func hear(_ content: ContentID, from first: Int, digests: RawSpan) {
        let copy = unsafe digests.withUnsafeBytes { unsafe Array($0) }
        storage.hear(content, from: first, digests: copy)
    }

    package mutating func publish(_ content: ContentID) { storage.publish(content) }

    package mutating func readRest(of content: ContentID) { storage.readRest(of: content) }

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        storage.finish(content, for: want)
    }

    package mutating func lookAgain() { storage.lookAgain() }

    package mutating func next() -> StoreEvent? {
        if collected.isEmpty { collected = storage.answers.take() }
        return collected.popLast()
    }
}
