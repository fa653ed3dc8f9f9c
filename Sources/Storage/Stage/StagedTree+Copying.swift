import Synchronization
import Vocabulary

/// The progress of the copy of pieces that are read here.
struct CopyState: Sendable {
    /// The pieces that are being copied, or were.
    var claimed: PieceSet
    var underWay = 0
    /// A piece that is to be read here cannot be, so the copy will not be whole.
    var hasFailed = false
    /// There is no copy, or it cannot be written any more.
    var isLost = false
    /// The copy has its names, and other jobs are still kept away.
    var holdsLock = false
    /// The jobs that wait until everything is copied.
    var waiting: [DiskWorkers.Job] = []
}

/// The result of copying the next piece.
enum CopyStep {
    case copied
    /// The piece differs from the publisher's.
    case differs(PieceIndex)
    case nothingLeft
}

extension StagedTree {
    /// Gives the copy its names, if there is one. With `holdsLock` other jobs stay away until
    /// `letGo`.
    func finish(holdsLock: Bool) throws(StorageError) -> Bool {
        guard let part else { return true }
        guard try part.finish(holdsLock: holdsLock) else { return false }
        copying.withLock { $0.holdsLock = holdsLock }
        return true
    }

    /// Other jobs may write to a finished copy from now on.
    func letGo() throws(StorageError) {
        let isHeld = copying.withLock { state in
            defer { state.holdsLock = false }
            return state.holdsLock
        }
        if isHeld { try part?.places.folder.remove() }
    }

    /// Leaves what is not finished to the next job.
    func abandon() throws(StorageError) {
        guard copying.withLock({ $0.holdsLock }) else { return try part?.abandon() ?? () }
        try letGo()
    }

    /// Gives up the copy; pieces of the source are still read for others. A publisher without a
    /// copy gets no pieces from the other readers, but its table needs the digest of each, so it
    /// reads the rest as well.
    func loseCopy() {
        copying.withLock { $0.isLost = true }
        guard let source = sourceOfAll else { return }
        readAll(of: source)
        // A part of the table that could not be completed before can be now.
        digesting.withLock { $0 = [] }
    }

    /// Whether this rank has or will have the digests of all pieces. Without a copy it gets none
    /// from others.
    var canPublish: Bool {
        !hasLostCopy || hasWholeTable || source != nil && share.isFull
    }

    var hasLostCopy: Bool { part == nil || copying.withLock { $0.isLost } }

    var hasWholeTable: Bool { book.withLock { $0.isComplete } }

    /// Whether pieces that are read here are written to a copy.
    var copies: Bool {
        part != nil && source != nil && !copying.withLock { $0.isLost }
    }

    /// Copies a piece that is read here, is not in the copy yet, and is not being copied by another
    /// thread.
    func copyNext() throws(StorageError) -> CopyStep {
        guard let part, copies else { return .nothingLeft }
        while let piece = claim() {
            defer { copying.withLock { $0.underWay -= 1 } }
            guard !part.holds(piece) || isUnmatched(piece), !isForeign(piece) else { continue }
            do throws(StorageError) { _ = try read(piece, copies: true) } catch {
                guard isForeign(piece) else {
                    copying.withLock { $0.hasFailed = true }
                    throw error
                }
                return .differs(piece)
            }
            return .copied
        }
        return .nothingLeft
    }

    /// Reads a piece for others. A piece that is not in the copy yet, and is not being copied, is
    /// also copied, so that each piece of the source is read once.
    func read(_ piece: PieceIndex) throws(StorageError) -> RecentPieces.Row {
        guard claim(piece) else { return try read(piece, copies: false) }
        do throws(StorageError) {
            let row = try read(piece, copies: true)
            copying.withLock { $0.underWay -= 1 }
            return row
        } catch {
            copying.withLock {
                $0.underWay -= 1
                $0.claimed.remove(piece)
            }
            throw error
        }
    }

    private func claim(_ piece: PieceIndex) -> Bool {
        guard copies else { return false }
        let local = local
        return copying.withLock { copying in
            guard local.contains(piece), copying.claimed.insert(piece) else { return false }
            copying.underWay += 1
            return true
        }
    }

    private func claim() -> PieceIndex? {
        let local = local
        return copying.withLock { copying in
            guard let piece = local.first(notIn: copying.claimed) else { return nil }
            copying.claimed.insert(piece)
            copying.underWay += 1
            return piece
        }
    }

    /// Makes `job` wait until all that is read here is in our copy. Returns false if it need not.
    func wait(_ job: @escaping DiskWorkers.Job) -> Bool {
        guard part != nil, source != nil else { return false }
        return copying.withLock { copying in
            guard !isCopied(copying) else { return false }
            copying.waiting.append(job)
            return true
        }
    }

    /// The waiting jobs, once everything is copied.
    func takeWaiting() -> [DiskWorkers.Job] {
        copying.withLock { copying in
            guard isCopied(copying) else { return [] }
            defer { copying.waiting = [] }
            return copying.waiting
        }
    }

    private func isCopied(_ copying: CopyState) -> Bool {
        !copying.hasFailed && copying.underWay == 0 && local.first(notIn: copying.claimed) == nil
    }
}
