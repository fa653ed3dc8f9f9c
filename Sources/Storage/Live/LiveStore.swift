import Content
package import Vocabulary

/// The download thread's side of what a rank fetches: everything is handed to the disk workers, and
/// their answers are collected.
package struct LiveStore: ~Copyable, Store {
    package typealias Payload = PieceBuffer

    private let storage: LiveStorage
    /// The next one last.
    private var collected: [StoreEvent] = []

    package init(_ storage: LiveStorage) { self.storage = storage }

    package mutating func perform(_ order: StoreOrder, bytes: RawSpan) {
        switch order {
        case .open(let content): open(content, manifest: bytes)
        case .openFetched(let content, let manifest): open(content, fetchedAs: manifest)
        case .proof(let content, let order):
            if let answer = order.answer(provenByManifest: content) { storage.answers.put(answer) }
        case .finish(let content, let want): finish(content, for: want)
        case .aim(let want, let content, let ticket):
            storage.aim(want, of: content, at: ticket.raw)
        case .release(let want): storage.release(want)
        case .forsake(let content):
            storage.lanes.submit(content) { [storage] in storage.forsake(content) }
        // No room is measured in advance, and no job ends.
        case .settle, .lookAgain, .removeSource: break
        }
    }

    private func open(_ content: ContentID, manifest bytes: RawSpan) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        let isOrdered = storage.isOrdered(content)
        storage.lanes.submit(content) { [storage] in
            storage.open(content, copy, isOrdered: isOrdered)
        }
    }

    private func open(_ content: ContentID, fetchedAs manifest: ContentID) {
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

    private func finish(_ content: ContentID, for want: WantNumber) {
        // Comparing a long file with its description takes long, and no other work waits for it.
        let urgency: DiskWorkers.Urgency = storage.hasProof(want) ? .whenIdle : .write
        storage.lanes.submit(content, urgency) { [storage] in storage.finish(content, for: want) }
    }

    package mutating func next() -> StoreEvent? {
        if collected.isEmpty { collected = storage.answers.take() }
        return collected.popLast()
    }
}
