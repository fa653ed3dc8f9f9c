import Content
import Glibc
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
        /// The states of the sources that this rank reads, by the fingerprints of their trees, from
        /// before they were read.
        var stamps: [Digest128: SourceStamp] = [:]
        var warning: String?
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

    /// What a rank has from its cache.
    struct Found {
        /// The digests of all pieces, at a publisher that has no copy.
        var known: [PieceDigest] = []
        /// Pieces that the rank must not serve before the publisher's digests have come.
        var unconfirmed: PieceSet?
    }

    /// Begins the copy with what the cache has.
    ///
    /// The publisher and other ranks that read the source decide which bytes are right: they take
    /// nothing from the cache unless their source is in the state in which it had the digests that
    /// the cache knows. The others must not serve what they have before it is confirmed, or it
    /// could become the publisher's.
    func begin(
        _ part: PartArea?, from source: TreeSource?, of manifest: TreeManifest, publishes: Bool
    ) -> Found {
        var found = Found()
        guard let cache else { return found }
        do throws(StorageError) {
            let stamp = try noteState(of: source, manifest, part)
            guard let note = try cache.note(of: manifest) else { return found }
            let decides = publishes || source != nil
            if decides {
                guard let stamp, stamp == note.source, !cache.verifies else { return found }
            }
            guard let part else {
                let known = note.digests.compactMap(\.self)
                if publishes, known.count == note.digests.count { found.known = known }
                return found
            }
            let pieces = fill(part, from: note, of: cache)
            if !decides { found.unconfirmed = pieces }
        } catch { fail(.failed(error)) }
        return found
    }

    /// Returns the pieces that came from the cache.
    private func fill(
        _ part: PartArea, from note: CacheNote, of cache: NodeCache
    ) -> PieceSet {
        let before = part.held
        var reader = CacheReader(cache, note, part)
        do throws(StorageError) { try reader.fill() } catch { fail(.failed(error)) }
        var pieces = PieceSet(none: before.capacity)
        var next = part.held.first(notIn: before)
        while let piece = next {
            pieces.insert(piece)
            next = part.held.first(from: piece.position + 1, notIn: before)
        }
        return pieces
    }

    /// The state of the source. It is kept for `add` only if all pieces of this job come from the
    /// source in this state: pieces that are in place, or are left by an interrupted job, may be
    /// those of another one.
    private func noteState(
        of source: TreeSource?, _ manifest: TreeManifest, _ part: PartArea?
    ) throws(StorageError) -> SourceStamp? {
        guard let source, let stamp = try SourceStamp(of: source, now: now) else { return nil }
        let isBlank = part?.held.first(notIn: manifest.piecesWithoutBytes) == nil
        guard isBlank else { return stamp }
        state.withLock { $0.stamps[manifest.fingerprint] = stamp }
        return stamp
    }

    private var now: timespec {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return time
    }

    /// Keeps a finished content. The state of the `source` is noted if it is the one from before it
    /// was read.
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

    /// The warning, with the first call only.
    func takeWarning() -> String? {
        state.withLock { state in
            defer { state.warning = nil }
            return state.warning
        }
    }
}
