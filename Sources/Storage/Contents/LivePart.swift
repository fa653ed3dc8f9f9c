import Content
import Glibc
import Synchronization
import Vocabulary

/// A content that comes piece by piece, in a file that has no name of its own until it is whole,
/// and that a later job may continue. Beside it may lie a file that says which pieces are there, in
/// the lines of `PartRecord`.
///
/// The file is opened for each piece, so that any number of contents can be under way. When it is
/// complete it gets its name, and is served until another process changes it. Invariant: noted
/// pieces are written, written pieces are verified, and a file that another process has changed
/// gets no name before all of it was verified again.
final class LivePart: Sendable {
    private let remains: LiveRemains
    private let state: Mutex<State>
    /// The state of the file after the last write; nil when another process has changed it. Held
    /// during a write.
    private let left: Mutex<FileStamp?>

    private var geometry: Geometry { remains.manifest.geometry }
    private var place: LivePlace { remains.place }

    private struct State {
        var kept: PieceSet
        /// The present path of the file.
        var path: String
        /// The identity of the file once it is complete: a file with another one is not this
        /// part's.
        var identity: SourceIdentity?
        var isRemoved = false
    }

    /// Continues with the pieces that an earlier job left, which may have to be read.
    init(
        _ content: ContentID, _ manifest: Manifest, at place: LivePlace, isClosed: () -> Bool
    ) throws(StorageError) {
        remains = LiveRemains(content: content, manifest: manifest, place: place)
        if let path = place.wholePath, let identity = try remains.whole(path, isClosed) {
            let kept = PieceSet(all: manifest.geometry.pieceCount)
            state = Mutex(State(kept: kept, path: path, identity: identity))
            left = Mutex(nil)
        } else {
            let found = try remains.resume(isClosed: isClosed)
            state = Mutex(State(kept: found.kept, path: place.path))
            left = Mutex(found.stamp)
        }
    }

    var kept: PieceSet { state.withLock { $0.kept } }

    /// Whether the file was removed, so that further writes are useless.
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

    func verifies(_ buffer: PieceBuffer, as piece: PieceIndex) -> Bool {
        buffer.withBytes { remains.manifest.verifies($0, as: piece) }
    }

    /// Writes a piece. Returns false if the file was removed meanwhile.
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
            // The piece is noted under the lock: another part of the same content may have replaced
            // a removed one, and would then seem to have this piece.
            return try state.withLock { state throws(StorageError) in
                guard !state.isRemoved else { return false }
                try remains.note(piece, left)
                state.kept.insert(piece)
                return true
            }
        }
    }

    /// Nil for a piece that is not here, including one whose number is too high.
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
        } else if !verifies(buffer, as: piece) {
            // Another process has written to the piece.
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
            let file = try OpenFile(opening: place.path, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK)
            let stamp = FileStamp(try file.status(path: place.path))
            if left != stamp {
                let found = try remains.review(file) { false }
                left = found.stamp
                state.withLock { $0.kept = found.kept }
            }
            return state.withLock { $0.kept.isFull }
        }
    }

    /// The present path of the file.
    var path: String { state.withLock { $0.path } }

    /// The path of the complete file; nil while it grows.
    var namedPath: String? {
        state.withLock { $0.identity == nil ? nil : $0.path }
    }

    /// Gives the file its name. Returns false if it has one already, or the destination is on
    /// another disk.
    func takeName(_ path: String) throws(StorageError) -> Bool {
        guard namedPath == nil, !isRemoved else { return false }
        guard try isWhole() else { throw .altered(path: place.path) }
        // A simultaneous reader finds the file under one name or the other.
        return try state.withLock { state throws(StorageError) in
            guard state.identity == nil, !state.isRemoved else { return false }
            do throws(StorageError) {
                try posix("rename", path) { unsafe rename(place.path, path) }
            } catch .system(_, _, EXDEV) {
                return false
            }
            remains.removeState()
            state.path = path
            state.identity = try SourceIdentity(path: path)
            return true
        }
    }

    /// Notes that the file was copied to `path`, because it could not be renamed.
    func settle(at path: String) {
        guard namedPath == nil else { return }
        do throws(StorageError) {
            let identity = try SourceIdentity(path: path)
            state.withLock {
                $0.path = path
                $0.identity = identity
            }
            remains.remove()
        } catch {
            // If the new file cannot be identified, the pieces are served from the old one.
            return
        }
    }

    /// Removes the file unless it has its name.
    func remove() {
        state.withLock { state in
            guard state.identity == nil, !state.isRemoved else { return }
            state.isRemoved = true
            remains.remove()
        }
    }

    /// Removes the file at the end of the job, unless it has its name, or the next job continues
    /// it.
    func abandon() {
        if place.isTemporary { remove() }
    }
}
