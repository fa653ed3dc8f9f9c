import Content
import Synchronization
import Vocabulary

extension StagedTree {
    /// Keeps a finished content for later jobs on this node.
    func add(to cache: JobCache?, _ answers: Answers<StoreEvent>) {
        guard let cache, let part, !hasLostCopy else { return }
        var digests = book.withLock { book in
            (0..<manifest.geometry.pieceCount).map { book.expected(of: PieceIndex($0)) }
        }
        digestHoles(&digests)
        cache.add(manifest, part, digests: digests, sources: unchangedStates(cache))
        answers.warn(of: cache)
    }

    /// The states of the files of our source that did not change during the job.
    private func unchangedStates(_ cache: JobCache) -> [FileStamp?] {
        let states = sourceStates
        guard !states.isEmpty, let source, foreign.withLock({ $0.first() == nil }) else {
            return []
        }
        let later = source.states(lengthMin: cache.fileByteCountMin)
        return zip(states, later).map { $0 == $1 ? $0 : nil }
    }

    /// Pieces that lie in holes alone come from no rank. All but the last one are alike.
    private func digestHoles(_ digests: inout [PieceDigest?]) {
        let holes = manifest.piecesWithoutBytes
        var known: [Int: PieceDigest] = [:]
        for piece in digests.indices.lazy.map({ PieceIndex($0) })
        where digests[piece.position] == nil && holes.contains(piece) {
            let size = manifest.geometry.size(of: piece)
            if known[size] == nil {
                let buffer = PieceBuffer(byteCount: size)
                unsafe buffer.memory.initializeMemory(as: UInt8.self, repeating: 0)
                known[size] = digest(of: buffer)
            }
            digests[piece.position] = known[size]
        }
    }
}

extension Answers<StoreEvent> {
    /// Reports that a cache failed, the first time.
    func warn(of cache: JobCache?) {
        if let words = cache?.takeWarning() { put(.warned(words)) }
    }
}
