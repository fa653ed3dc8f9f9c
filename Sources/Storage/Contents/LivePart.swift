import Content
import Glibc
import Synchronization
import Vocabulary

/// A content that comes piece by piece, and may be continued by a later job. In the output folder:
///
///     .CONTENT.RANK.mpiswarm-part    the bytes
///     .CONTENT.RANK.mpiswarm-state   which pieces are there, in the lines of `PartRecord`
///
/// It is opened for each piece, so that any number can be under way. When it is whole it gets its
/// name, and is then served for as long as it is what it was. Invariant: what is noted was written,
/// what was written was verified, and a file that another process has touched since gets no name
/// before all of it was verified again.
final class LivePart: Sendable {
    private let remains: LiveRemains
    private let state: Mutex<State>
    /// The state of the file after the last write; nil when another process has changed it. Held
    /// during a write.
    private let left: Mutex<FileStamp?>

    private var geometry: Geometry { remains.manifest.geometry }
    private var partPath: String { remains.path }
    private var statePath: String { remains.statePath }

    private struct State {
        var kept: PieceSet
        /// Its path.
        var path: String
        /// Once it is whole: anything else is no longer ours.
        var identity: SourceIdentity?
        var isRemoved = false
    }

    /// Goes on with what an earlier job left, which may have to be read.
    init(
        _ content: ContentID, _ manifest: Manifest, in folder: String, rank: Rank,
        isClosed: () -> Bool
    ) throws(StorageError) {
        let path = "\(folder)/.\(content).\(rank)"
        let remains = LiveRemains(
            content: content, manifest: manifest, path: "\(path).mpiswarm-part",
            statePath: "\(path).mpiswarm-state")
        self.remains = remains
        let found = try remains.resume(isClosed: isClosed)
        state = Mutex(State(kept: found.kept, path: remains.path))
        left = Mutex(found.stamp)
    }

    var kept: PieceSet { state.withLock { $0.kept } }

    /// Whether it was removed, so that further writes are of no use.
    var isRemoved: Bool { state.withLock { $0.isRemoved } }

    /// Returns false when another process has changed or removed the complete file.
    var isThere: Bool {
        let (path, identity, isRemoved) = state.withLock { ($0.path, $0.identity, $0.isRemoved) }
        guard !isRemoved else { return false }
        guard let identity else { return unsafe access(path, F_OK) == 0 }
        do throws(StorageError) { return try SourceIdentity(path: path) == identity } catch {
            return false
        }
    }

    /// False when it was removed meanwhile.
    func put(_ buffer: PieceBuffer, as piece: PieceIndex) throws(StorageError) -> Bool {
        let (path, isRemoved) = state.withLock { ($0.path, $0.isRemoved) }
        guard !isRemoved else { return false }
        let file = try OpenFile(opening: path, flags: O_WRONLY | O_NOFOLLOW)
        return try left.withLock { left throws(StorageError) in
            let isAsLeft = try left == FileStamp(file.status(path: path))
            try buffer.withBytes { bytes throws(StorageError) in
                try file.write(bytes, at: geometry.offset(of: piece), path: path)
            }
            try file.hearErrors(path: path)
            left = isAsLeft ? FileStamp(try file.status(path: path)) : nil
            // Under the lock: another part of the same content may have the place of a removed
            // one, and would be said to have what this one got.
            return try state.withLock { state throws(StorageError) in
                guard !state.isRemoved else { return false }
                try note(PartRecord(piece: piece, digest: LiveRemains.mark, stamp: left))
                state.kept.insert(piece)
                return true
            }
        }
    }

    /// Nil for a piece that is not here, whatever its number.
    func read(_ piece: PieceIndex) throws(StorageError) -> PieceBuffer? {
        let (path, isKept, identity) = state.withLock {
            ($0.path, piece.position < $0.kept.capacity && $0.kept.contains(piece), $0.identity)
        }
        guard isKept else { return nil }
        let file = try OpenFile(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        let buffer = PieceBuffer(byteCount: geometry.size(of: piece))
        let memory = unsafe UnsafeMutableRawBufferPointer(
            rebasing: buffer.memory[..<buffer.byteCount])
        try unsafe file.fill(memory, at: geometry.offset(of: piece), path: path)
        if let identity {
            guard try SourceIdentity(of: file, path: path) == identity else {
                throw .changed(path: path)
            }
        } else if !buffer.withBytes({ remains.manifest.verifies($0, as: piece) }) {
            // Another process has written to it.
            state.withLock { _ = $0.kept.remove(piece) }
            left.withLock { $0 = nil }
            return nil
        }
        return buffer
    }

    /// Whether all pieces are here and right. A file that another process has changed is read
    /// again.
    private func isWhole() throws(StorageError) -> Bool {
        try left.withLock { left throws(StorageError) in
            let file = try OpenFile(opening: partPath, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK)
            let stamp = FileStamp(try file.status(path: partPath))
            if left != stamp {
                let found = try remains.review(file) { false }
                left = found.stamp
                state.withLock { $0.kept = found.kept }
            }
            return state.withLock { $0.kept.isFull }
        }
    }

    /// Its path.
    var path: String { state.withLock { $0.path } }

    /// Its path under a name of its own; nil while it grows.
    var namedPath: String? {
        state.withLock { $0.identity == nil ? nil : $0.path }
    }

    /// False when it has a name already, or the destination is on another disk.
    func takeName(_ path: String) throws(StorageError) -> Bool {
        guard namedPath == nil, !isRemoved else { return false }
        guard try isWhole() else { throw .altered(path: partPath) }
        // A simultaneous reader finds it under one name or the other.
        return try state.withLock { state throws(StorageError) in
            guard state.identity == nil, !state.isRemoved else { return false }
            do throws(StorageError) {
                try posix("rename", path) { unsafe rename(partPath, path) }
            } catch .system(_, _, EXDEV) {
                return false
            }
            unsafe unlink(statePath)
            state.path = path
            state.identity = try SourceIdentity(path: path)
            return true
        }
    }

    /// It was copied to there, since it could not be renamed.
    func settle(at path: String) {
        guard namedPath == nil else { return }
        do throws(StorageError) {
            let identity = try SourceIdentity(path: path)
            state.withLock {
                $0.path = path
                $0.identity = identity
            }
            unlinkBoth()
        } catch {
            // It is served from where it grew.
            return
        }
    }

    /// Unless it has its name.
    func remove() {
        state.withLock { state in
            guard state.identity == nil, !state.isRemoved else { return }
            state.isRemoved = true
            unlinkBoth()
        }
    }

    private func unlinkBoth() {
        unsafe unlink(partPath)
        unsafe unlink(statePath)
    }

    private func note(_ record: PartRecord) throws(StorageError) {
        let file = try OpenFile(opening: statePath, flags: O_WRONLY | O_APPEND | O_NOFOLLOW)
        try unsafe file.write(record.encoded.span.bytes, path: statePath)
    }
}
