package import Content
import Glibc
package import Vocabulary

/// The store of `run`: contents whose pieces are labels need no room, contents that carry bytes
/// (long manifests) are held in memory, and a finished want becomes a file in the output folder.
///
/// Everything is done when it is asked for; only the answers wait. A content's row on the shelf
/// exists exactly when its manifest is known and it carries bytes.
package struct LabelStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    /// Nil where nothing is wanted: who only serves needs no right to write.
    private let output: OutputFolder?
    private let prefix: String
    private let wanted: [RelativePath]
    private let shelf: MemoryShelf
    private var manifests: [ContentID: Manifest] = [:]
    private var events: Backlog<StoreEvent>

    /// Pieces kept and not yet collected; wants come on top, each of which is finished once.
    package static let keptMax = 1 << 16

    /// `output` is created where it is missing, and refused unless it can be written to.
    package init(
        output: String, peer: Int, wanted: [RelativePath], owned: [Publication],
        shelf: MemoryShelf
    ) throws(StorageError) {
        prefix = "client\(peer)"
        self.output =
            wanted.isEmpty ? nil : try OutputFolder(path: output, prefix: prefix)
        self.wanted = wanted
        self.shelf = shelf
        events = Backlog(countMax: Self.keptMax + wanted.count)
        for publication in owned { publish(publication) }
    }

    private mutating func publish(_ publication: Publication) {
        manifests[publication.content] = publication.manifest
        guard let nested = publication.nested else { return }
        manifests[nested.content] = nested.manifest
        shelf.put(
            publication.encoded, as: nested.content, geometry: nested.manifest.geometry)
    }

    package mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        events.append(.opened(content, learn(content, bytes).map { OpenedContent($0) }))
    }

    private mutating func learn(_ content: ContentID, _ bytes: RawSpan) -> Geometry? {
        guard content != .none, ContentID(ofManifest: bytes) == content else { return nil }
        if let known = manifests[content] { return known.geometry }
        do throws(ManifestError) {
            let manifest = try Manifest(parsing: bytes)
            if manifest.geometry.carriesBytes {
                shelf.add(content, pieceCount: manifest.geometry.pieceCount)
            }
            manifests[content] = manifest
            return manifest.geometry
        } catch {
            return nil
        }
    }

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        guard let bytes = shelf.bytes(of: manifest) else {
            return events.append(.opened(content, nil))
        }
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
        if manifest.geometry.carriesBytes { shelf.put(payload, as: piece, of: content) }
        events.append(.kept(piece, of: content))
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    /// Here every manifest has its digests.
    package mutating func prove(_ content: ContentID, table: PieceDigest) {
        preconditionFailure("what the manifest tells needs no proof")
    }

    package mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan) {
        preconditionFailure("what the manifest tells is not compared")
    }

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        do throws(StorageError) {
            try write(content, to: outputName(of: wanted[want.position]))
            events.append(.finished(content, want))
        } catch {
            events.append(.unfinished(content, want, error.failure))
        }
    }

    package mutating func next() -> StoreEvent? { events.next() }

    private func outputName(of name: RelativePath) throws(StorageError) -> RelativePath {
        precondition(name.isSingleName, "a classic name lies directly in its folder")
        do throws(PathFlaw) { return try RelativePath("\(prefix)_\(name)") } catch {
            // The name was acceptable; only its length can have become too much.
            throw .system(call: "renameat", path: "\(prefix)_\(name)", errno: ENAMETOOLONG)
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
            guard let pieces = shelf.pieces(of: content) else {
                preconditionFailure("only what is whole can be finished")
            }
            try output?.write(name) { file throws(StorageError) in
                for piece in pieces {
                    try piece.withBytes { bytes throws(StorageError) in try file.write(bytes) }
                }
            }
        }
    }
}
