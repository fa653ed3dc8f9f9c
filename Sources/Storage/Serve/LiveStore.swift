import Content
package import Vocabulary

/// The download thread's side of what a rank fetches for its users: everything is handed to the
/// disk workers, and their answers are collected.
package struct LiveStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    private let storage: ServeStorage
    /// The next one last.
    private var collected: [StoreEvent] = []

    package init(_ storage: ServeStorage) { self.storage = storage }

    package mutating func aim(_ want: WantNumber, of content: ContentID, at order: UInt64) {
        storage.aim(want, of: content, at: order)
    }

    package mutating func release(_ want: WantNumber) { storage.release(want) }

    package mutating func open(_ content: ContentID, manifest bytes: RawSpan) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        let isOrdered = storage.isOrdered(content)
        storage.lanes.submit(content) { [storage] in
            storage.open(content, copy, isOrdered: isOrdered)
        }
    }

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        let isOrdered = storage.isOrdered(content)
        storage.lanes.submit(content) { [storage] in
            storage.open(content, fetchedAs: manifest, isOrdered: isOrdered)
        }
    }

    package mutating func blank(byteCount: Int) -> PieceBuffer {
        PieceBuffer(byteCount: byteCount)
    }

    /// Into the part that is there now: another one may have its place by the time it is written.
    package mutating func keep(
        _ payload: consuming PieceBuffer, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        let buffer = payload
        let part = storage.files.livePart(of: content)
        storage.crew.submit(.write) { [storage] in
            storage.keep(buffer, as: piece, of: content, in: part)
        }
    }

    package mutating func discard(_ payload: consuming PieceBuffer) {}

    package mutating func forsake(_ content: ContentID) {
        storage.lanes.submit(content) { [storage] in storage.forsake(content) }
    }

    // MARK: Proof

    // The manifest has the digests, and every piece was compared with them when it came.

    package mutating func prove(_ content: ContentID, table: PieceDigest) {
        storage.answers.put(.proven(content))
    }

    package mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan) {
        storage.answers.put(.compared(content, wrong: []))
    }

    package mutating func hear(_ content: ContentID, from first: Int, digests: RawSpan) {
        storage.answers.put(.heard(content, wrong: []))
    }

    /// The manifest has said what the digests are.
    package mutating func publish(_ content: ContentID) {}

    /// This rank sees no more than it has.
    package mutating func readRest(of content: ContentID) {}

    // MARK: The end

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        // Comparing a long file with its description takes long, and no other work waits for it.
        let urgency: DiskWorkers.Urgency = storage.hasProof(want) ? .whenIdle : .write
        storage.lanes.submit(content, urgency) { [storage] in storage.finish(content, for: want) }
    }

    package mutating func next() -> StoreEvent? {
        if collected.isEmpty { collected = storage.answers.take() }
        return collected.popLast()
    }
}
