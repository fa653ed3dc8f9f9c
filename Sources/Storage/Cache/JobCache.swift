import Content
import Glibc
import Synchronization
import Vocabulary

/// The cache of a node in one job. Where it fails, the job goes on without it, and reports that
/// once.
package final class JobCache: Sendable {
    /// Nil where it could not be opened.
    private let cache: NodeCache?
    private let words: @Sendable (CacheTrouble) -> String
    private let state = Mutex(State())

    private struct State {
        /// The states of the sources that this rank publishes, by the fingerprints of their trees,
        /// from before they were read.
        var stamps: [Digest128: SourceStamp] = [:]
        var warning: String?
        var hasFailed = false
    }

    /// `open` makes the folder where it is missing.
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

    /// Begins the copy with what the cache has. Returns the digests of all pieces if this rank
    /// publishes them and has no copy that has them.
    ///
    /// The publisher decides which bytes are right: it takes nothing from the cache unless its
    /// source is in the state in which it had the digests that the cache knows.
    func begin(
        _ part: PartArea?, from source: TreeSource?, of manifest: TreeManifest, publishes: Bool
    ) -> [PieceDigest] {
        guard let cache else { return [] }
        do throws(StorageError) {
            let stamp = publishes ? try noteState(of: source, manifest) : nil
            guard let note = try cache.note(of: manifest) else { return [] }
            if publishes {
                guard let stamp, stamp == note.source, !cache.verifies else { return [] }
            }
            guard let part else {
                let known = note.digests.compactMap(\.self)
                return publishes && known.count == note.digests.count ? known : []
            }
            var reader = CacheReader(cache, note, part)
            try reader.fill()
        } catch { fail(.failed(error)) }
        return []
    }

    private func noteState(
        of source: TreeSource?, _ manifest: TreeManifest
    ) throws(StorageError) -> SourceStamp? {
        guard let source, let stamp = try SourceStamp(of: source, now: now) else { return nil }
        state.withLock { $0.stamps[manifest.fingerprint] = stamp }
        return stamp
    }

    private var now: timespec {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return time
    }

    /// Keeps a finished content. The state of the `source` of a publisher is noted if it is the one
    /// from before it was read.
    func add(
        _ manifest: TreeManifest, _ part: PartArea?, digests: [PieceDigest?],
        source: TreeSource?
    ) {
        guard let cache else { return }
        do throws(StorageError) {
            var stamp = state.withLock { $0.stamps[manifest.fingerprint] }
            if let source, try SourceStamp(of: source, now: now) != stamp { stamp = nil }
            let isAdded = try cache.add(
                manifest, part, digests: digests, source: source == nil ? nil : stamp)
            if !isAdded { fail(.full(path: cache.path)) }
        } catch { fail(.failed(error)) }
    }

    private func fail(_ trouble: CacheTrouble) {
        state.withLock { state in
            if !state.hasFailed { state.warning = words(trouble) }
            state.hasFailed = true
        }
    }

    /// The warning, the first time.
    func takeWarning() -> String? {
        state.withLock { state in
            defer { state.warning = nil }
            return state.warning
        }
    }
}
