import Content
import Synchronization
import Vocabulary

/// The cache of a node in one job. If it fails, the job continues without it, and reports that
/// once.
package final class JobCache: Sendable {
    /// Nil if the cache could not be opened.
    private let cache: NodeCache?
    private let words: @Sendable (CacheTrouble) -> String
    private let state = Mutex(State())

    private struct State {
        var warning: String?
        var hasWarned = false
        var hasFailed = false
    }

    /// `open` creates the folder if it is missing.
    package init(
        words: @escaping @Sendable (CacheTrouble) -> String,
        open: () throws(StorageError) -> NodeCache
    ) {
        self.words = words
        var failure: StorageError?
        do throws(StorageError) { cache = try open() } catch {
            cache = nil
            failure = error
        }
        if let failure { fail(.failed(failure)) }
    }

    /// Shorter files are not kept.
    var fileByteCountMin: Int64 { cache?.fileByteCountMin ?? .max }

    /// Begins the copy with what the cache has. Returns the pieces that the rank must not serve
    /// before the publisher's digests have come, or they could become the publisher's.
    ///
    /// The publisher and other ranks that read the source decide which bytes are right: they take
    /// only what a source had that is still in the state `sources`, and may serve it at once.
    func begin(
        _ part: PartArea?, of manifest: TreeManifest, decides: Bool, sources: [FileStamp?] = []
    ) -> PieceSet? {
        guard let part, let cache = usable else { return nil }
        guard !decides else {
            take(part, manifest, cache, sources: sources)
            return nil
        }
        let before = part.held
        do throws(StorageError) {
            try fill(part, manifest, cache)
        } catch { fail(.failed(error)) }
        var pieces = PieceSet(none: before.capacity)
        var next = part.held.first(notIn: before)
        while let piece = next {
            pieces.insert(piece)
            next = part.held.first(from: piece.position + 1, notIn: before)
        }
        return pieces
    }

    /// Instead of reading files of the source that have not changed.
    private func take(
        _ part: PartArea, _ manifest: TreeManifest, _ cache: NodeCache, sources: [FileStamp?]
    ) {
        guard !cache.verifies, sources.contains(where: { $0 != nil }) else { return }
        do throws(StorageError) { try fill(part, manifest, cache, sources: sources) } catch {
            fail(.failed(error))
        }
    }

    private func fill(
        _ part: PartArea, _ manifest: TreeManifest, _ cache: NodeCache,
        sources: [FileStamp?]? = nil
    ) throws(StorageError) {
        guard let note = try cache.note(of: manifest) else { return }
        var reader = CacheReader(cache, note, part, sources: sources)
        try reader.fill()
        warn(of: cache)
    }

    /// Keeps a finished content. `sources` are the states of the files of the source, if this rank
    /// knows that these have the digests.
    func add(
        _ manifest: TreeManifest, _ part: PartArea, digests: [PieceDigest?], sources: [FileStamp?]
    ) {
        guard let cache = usable else { return }
        do throws(StorageError) {
            if try !cache.add(manifest, part, digests: digests, sources: sources) {
                fail(.full(path: cache.path))
            }
            warn(of: cache)
        } catch { fail(.failed(error)) }
    }

    /// Nil once anything failed: what another process keeps locked is not waited for again.
    private var usable: NodeCache? { state.withLock { $0.hasFailed } ? nil : cache }

    private func warn(of cache: NodeCache) {
        if let obstacle = cache.obstacle.withLock({ $0 }) { fail(.unlinked(obstacle)) }
    }

    private func fail(_ trouble: CacheTrouble) {
        state.withLock { state in
            if !state.hasWarned { state.warning = words(trouble) }
            state.hasWarned = true
            if case .failed = trouble { state.hasFailed = true }
        }
    }

    /// The warning, with the first call only.
    func takeWarning() -> String? {
        state.withLock { state in
            defer { state.warning = nil }
            return state.warning
        }
    }
}
