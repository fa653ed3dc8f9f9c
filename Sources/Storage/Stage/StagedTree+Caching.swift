import Content
import Synchronization
import Vocabulary

extension StagedTree {
    /// Keeps a finished content for later jobs on this node. A publisher without a copy keeps its
    /// digests, by which it need not read its source again.
    func add(to cache: JobCache?, _ answers: Answers<StoreEvent>) {
        let knowsAll = isPublisher && hasWholeTable
        guard let cache, part == nil ? knowsAll : !hasLostCopy else { return }
        let digests = book.withLock { book in
            (0..<manifest.geometry.pieceCount).map { book.expected(of: PieceIndex($0)) }
        }
        cache.add(manifest, part, digests: digests, source: isPublisher ? source : nil)
        answers.warn(of: cache)
    }
}

extension Answers<StoreEvent> {
    /// Reports that a cache failed, the first time.
    func warn(of cache: JobCache?) {
        if let words = cache?.takeWarning() { put(.warned(words)) }
    }
}
