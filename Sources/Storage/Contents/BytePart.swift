import Glibc
import Synchronization
import Vocabulary

/// A content that arrives piece by piece, in a file that has a temporary name until it is whole.
/// The file is opened for each piece, so that any number of contents can be in progress.
///
/// Invariant: only verified pieces are written, and only those, or pieces found good, are read. A
/// file that gets no name is removed with this value, unless a later run is to continue it.
final class BytePart: Sendable {
    private let folder: OutputFolder
    private let geometry: Geometry
    private let staysUnfinished: Bool
    private let state: Mutex<State>
    /// The state of the file after the last write. Held during a write.
    private let left: Mutex<Left>

    private struct State {
        var name: String
        var kept: PieceSet
        var stage = Stage.growing
    }

    private struct Left {
        /// Nil before the first write.
        var stamp: FileStamp?
        /// Whether another process has changed the file since.
        var isAltered = false
    }

    private enum Stage {
        case growing
        case named
        case removed
    }

    init(_ geometry: Geometry, in folder: OutputFolder) throws(StorageError) {
        state = Mutex(
            State(
                name: try folder.makeFile(), kept: PieceSet(none: geometry.pieceCount)))
        self.folder = folder
        self.geometry = geometry
        staysUnfinished = false
        left = Mutex(Left())
    }

    /// Continues an earlier run with its pieces that are `good`.
    init(
        _ remnant: Remnant, _ good: (pieces: PieceSet, isNamed: Bool), in folder: OutputFolder
    ) throws(StorageError) {
        let name = good.isNamed ? remnant.name.description : remnant.partName
        if !good.isNamed {
            try folder.makeFile(name, atMost: remnant.geometry.total.raw)
        }
        state = Mutex(
            State(name: name, kept: good.pieces, stage: good.isNamed ? .named : .growing))
        self.folder = folder
        geometry = remnant.geometry
        staysUnfinished = true
        // An unnamed file was read before the job, and may have changed since.
        left = Mutex(Left(isAltered: !good.isNamed))
    }

    deinit { remove() }

    func put(_ buffer: PieceBuffer, as piece: PieceIndex) throws(StorageError) {
        let (file, path) = try open(O_WRONLY)
        try left.withLock { left throws(StorageError) in
            let found = FileStamp(try file.file.status(path: path))
            if let stamp = left.stamp, stamp != found { left.isAltered = true }
            try buffer.withBytes { bytes throws(StorageError) in
                try file.file.write(bytes, at: geometry.offset(of: piece), path: path)
            }
            try file.file.hearErrors(path: path)
            left.stamp = FileStamp(try file.file.status(path: path))
        }
        state.withLock { _ = $0.kept.insert(piece) }
    }

    /// Nil for a piece that is not here, including one whose number is too high.
    func read(_ piece: PieceIndex) throws(StorageError) -> PieceBuffer? {
        guard piece.position < geometry.pieceCount,
            state.withLock({ $0.kept.contains(piece) })
        else { return nil }
        let (file, path) = try open(O_RDONLY)
        let buffer = PieceBuffer(byteCount: geometry.size(of: piece))
        let memory = unsafe UnsafeMutableRawBufferPointer(
            rebasing: buffer.memory[..<buffer.byteCount])
        try unsafe file.file.fill(memory, at: geometry.offset(of: piece), path: path)
        return buffer
    }

    /// Whether no other process has changed the file since this one wrote all of it. Bytes from
    /// before the job were read at that time, and may have been changed since.
    func isAsLeft() throws(StorageError) -> Bool {
        let (file, path) = try open(O_RDONLY)
        return try left.withLock { left throws(StorageError) in
            let found = FileStamp(try file.file.status(path: path))
            return !left.isAltered && left.stamp == found
        }
    }

    /// Returns false if the file has another name already: it can have only one.
    func takeName(_ name: RelativePath) throws(StorageError) -> Bool {
        try state.withLock { state throws(StorageError) in
            guard state.stage == .growing else { return state.name == name.description }
            try folder.rename(state.name, to: name.description)
            state.name = name.description
            state.stage = .named
            return true
        }
    }

    /// Removes the file unless it has its name.
    func remove() {
        state.withLock { state in
            guard state.stage == .growing, !staysUnfinished else { return }
            folder.remove(state.name)
            state.stage = .removed
        }
    }

    /// Opens the file under the lock, because its name changes once.
    private func open(_ flags: Int32) throws(StorageError) -> (file: SharedFile, path: String) {
        try state.withLock { state throws(StorageError) in
            (SharedFile(try folder.open(state.name, flags: flags)), folder.path(of: state.name))
        }
    }
}
