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
/// and what was written was verified.
final class LivePart: Sendable {
    private let geometry: Geometry
    private let folder: String
    private let partName: String
    private let stateName: String
    private let state: Mutex<State>

    private struct State {
        var kept: PieceSet
        /// Where it lies.
        var path: String
        /// Once it is whole: anything else is no longer ours.
        var identity: SourceIdentity?
    }

    init(
        _ content: ContentID, _ geometry: Geometry, in folder: String, rank: Rank
    ) throws(StorageError) {
        self.geometry = geometry
        self.folder = folder
        partName = ".\(content).\(rank).mpiswarm-part"
        stateName = ".\(content).\(rank).mpiswarm-state"
        let path = "\(folder)/\(partName)"
        let head = PartRecord.head(
            Digest128(high: content.high, low: content.low), geometry)
        let kept = try Self.resume(
            path, statePath: "\(folder)/\(stateName)", head: head, geometry)
        state = Mutex(State(kept: kept, path: path))
    }

    var kept: PieceSet { state.withLock { $0.kept } }

    /// False when somebody has changed or removed what was whole here.
    var isThere: Bool {
        let (path, identity) = state.withLock { ($0.path, $0.identity) }
        guard let identity else { return unsafe access(path, F_OK) == 0 }
        do throws(StorageError) { return try SourceIdentity(path: path) == identity } catch {
            return false
        }
    }

    func put(_ buffer: PieceBuffer, as piece: PieceIndex) throws(StorageError) {
        let path = state.withLock { $0.path }
        let file = try OpenFile(opening: path, flags: O_WRONLY | O_NOFOLLOW)
        try buffer.withBytes { bytes throws(StorageError) in
            try file.write(bytes, at: geometry.offset(of: piece), path: path)
        }
        try file.hearErrors(path: path)
        try note(PartRecord(piece: piece, digest: Self.mark))
        state.withLock { _ = $0.kept.insert(piece) }
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
        }
        return buffer
    }

    /// Where it lies under a name of its own; nil while it grows.
    var namedPath: String? {
        state.withLock { $0.identity == nil ? nil : $0.path }
    }

    /// False when it has a name already, or the destination is on another disk.
    func takeName(_ path: String) throws(StorageError) -> Bool {
        let part = "\(folder)/\(partName)"
        // Whoever reads meanwhile finds it under one name or the other.
        return try state.withLock { state throws(StorageError) in
            guard state.identity == nil else { return false }
            do throws(StorageError) {
                try posix("rename", path) { unsafe rename(part, path) }
            } catch .system(_, _, EXDEV) {
                return false
            }
            unsafe unlink("\(folder)/\(stateName)")
            state.path = path
            state.identity = try SourceIdentity(path: path)
            return true
        }
    }

    /// It was copied to there, since it could not be renamed.
    func settle(at path: String) {
        guard state.withLock({ $0.identity == nil }) else { return }
        do throws(StorageError) {
            let identity = try SourceIdentity(path: path)
            remove()
            state.withLock {
                $0.path = path
                $0.identity = identity
            }
        } catch {
            // It is served from where it grew.
            return
        }
    }

    /// Unless it has its name.
    func remove() {
        guard state.withLock({ $0.identity == nil }) else { return }
        unsafe unlink("\(folder)/\(partName)")
        unsafe unlink("\(folder)/\(stateName)")
    }

    /// What a line of the state file says where the manifest has the digests.
    private static var mark: PieceDigest? { PieceDigest([1]) }

    private func note(_ record: PartRecord) throws(StorageError) {
        let path = "\(folder)/\(stateName)"
        let file = try OpenFile(opening: path, flags: O_WRONLY | O_APPEND | O_NOFOLLOW)
        try unsafe file.write(record.encoded.span.bytes, path: path)
    }

    /// What an earlier job left, or a new beginning. What was written before the machine started
    /// last may not have reached the disk.
    private static func resume(
        _ path: String, statePath: String, head: [UInt8], _ geometry: Geometry
    ) throws(StorageError) -> PieceSet {
        var kept = PieceSet(none: geometry.pieceCount)
        let boot = PartRecord(ofBoot: try PartRecord.boot())
        let beginning = head + boot.encoded
        do throws(StorageError) {
            let file = try OpenFile(opening: path, flags: O_RDWR | O_NOFOLLOW)
            let state = try readWhole(path: statePath)
            guard try file.status(path: path).st_size == geometry.total.raw,
                state.starts(with: beginning)
            else { throw .changed(path: path) }
            var end = beginning.count
            while let record = PartRecord(state[end...].prefix(PartRecord.byteCount)),
                let piece = PieceIndex(record.piece, below: geometry.pieceCount)
            {
                kept.insert(piece)
                end += PartRecord.byteCount
            }
            // A line that a killed job left half written.
            let log = try OpenFile(opening: statePath, flags: O_WRONLY | O_NOFOLLOW)
            try log.setLength(Int64(end), path: statePath)
            return kept
        } catch {
            kept = PieceSet(none: geometry.pieceCount)
        }
        unsafe unlink(path)
        unsafe unlink(statePath)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = OpenFile(raw: try posix("open", path) { unsafe open(path, flags, 0o666) })
        try file.setLength(geometry.total.raw, path: path)
        let log = OpenFile(
            raw: try posix("open", statePath) { unsafe open(statePath, flags, 0o600) })
        try unsafe log.write(beginning.span.bytes, path: statePath)
        return kept
    }
}
