import Content
package import Vocabulary

/// The download thread's side of a vault: arriving pieces are passed to the disk workers, and their
/// answers are collected.
package struct TreeStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    private let vault: TreeVault
    /// Describes the contents that are held in memory: long manifests.
    private var manifests: [ContentID: Manifest] = [:]
    /// The events to return, the next one last.
    private var collected: [StoreEvent] = []

    package init(_ vault: TreeVault) { self.vault = vault }

    package mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        guard copy.starts(with: "MSWM".utf8) else {
            return vault.crew.submit(.write) { [vault] in vault.open(content, copy) }
        }
        guard content != .none, ContentID(ofManifest: bytes) == content else {
            return vault.answers.put(.opened(content, nil))
        }
        do throws(ManifestError) {
            let manifest = try Manifest(parsing: bytes)
            vault.shelf.add(content, pieceCount: manifest.geometry.pieceCount)
            manifests[content] = manifest
            var opened = OpenedContent(manifest.geometry)
            // The publisher has it already.
            if vault.shelf.pieces(of: content) != nil {
                opened.held = PieceSet(all: manifest.geometry.pieceCount)
            }
            vault.answers.put(.opened(content, opened))
        } catch {
            vault.answers.put(.opened(content, nil))
        }
    }

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        vault.crew.submit(.write) { [vault] in
            guard let bytes = vault.shelf.bytes(of: manifest) else {
                return vault.answers.put(.opened(content, nil))
            }
            vault.open(content, bytes)
        }
    }

    package mutating func settle(_ content: ContentID, isGranted: Bool, taken: ByteCount) {
        vault.crew.submit(.write) { [vault] in
            vault.settle(content, isGranted: isGranted, taken: taken)
        }
    }

    package mutating func blank(byteCount: Int) -> PieceBuffer {
        vault.pool.buffer(byteCount: byteCount)
    }

    package mutating func keep(
        _ payload: consuming PieceBuffer, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        let buffer = payload
        if let manifest = manifests[content] {
            guard buffer.withBytes({ manifest.verifies($0, as: piece) }) else {
                return vault.answers.put(.bad(piece, of: content))
            }
            vault.shelf.put(buffer, as: piece, of: content)
            return vault.answers.put(.kept(piece, of: content))
        }
        vault.crew.submit(.write) { [vault] in
            vault.keep(buffer, as: piece, of: content, digest: digest)
        }
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    package mutating func prove(_ content: ContentID, table: PieceDigest) {
        vault.prove(content, table: table)
    }

    package mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan) {
        let copy = unsafe digests.withUnsafeBytes { unsafe Array($0) }
        vault.compare(content, from: first, digests: copy)
    }

    package mutating func hear(_ content: ContentID, from first: Int, digests: RawSpan) {
        let copy = unsafe digests.withUnsafeBytes { unsafe Array($0) }
        vault.hear(content, from: first, digests: copy)
    }

    package mutating func publish(_ content: ContentID) { vault.publish(content) }

    package mutating func readRest(of content: ContentID) { vault.readRest(of: content) }

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        vault.finish(content, for: want)
    }

    package mutating func lookAgain() { vault.lookAgain() }

    package mutating func next() -> StoreEvent? {
        if collected.isEmpty { collected = vault.answers.take() }
        return collected.popLast()
    }
}
