import CLinux
import Content
import Glibc
import Vocabulary

/// The pieces that an earlier job left of a content. A state file is trusted if it is complete,
/// describes this very file since the machine started, and no process changed the file after its
/// last line. Otherwise every piece is read, and its digest decides. So a missing, old, damaged or
/// foreign state file loses no piece, and no wrong piece is accepted.
struct LiveRemains {
    let content: ContentID
    let manifest: Manifest
    let place: LivePlace

    private var path: String { place.path }

    /// The digest in a line of the state file if the manifest has the digests.
    static var mark: PieceDigest? { PieceDigest([1]) }

    private static let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK

    /// Returns the pieces that are there. Afterwards the files exist and are writable.
    func resume(
        isClosed: () -> Bool
    ) throws(StorageError) -> (kept: PieceSet, stamp: FileStamp) {
        guard !place.isNew else { return try begun(OpenFile(opening: path, flags: Self.flags)) }
        guard let file = try existing() else { return try begin() }
        let status = try file.status(path: path)
        if let kept = try noted(status) { return (kept, FileStamp(status)) }
        return try review(file, isClosed)
    }

    /// Reads the whole file, and notes the right pieces and the stamp that the file had before.
    func review(
        _ file: borrowing OpenFile, _ isClosed: () -> Bool
    ) throws(StorageError) -> (kept: PieceSet, stamp: FileStamp) {
        try file.setLength(manifest.geometry.total.raw, path: path)
        let status = try file.status(path: path)
        let kept = try verified(file, path, isClosed)
        try writeState(kept, status)
        return (kept, FileStamp(status))
    }

    /// Opens the file of an earlier job; nil if there is none to continue.
    private func existing() throws(StorageError) -> OpenFile? {
        do throws(StorageError) {
            let file = try OpenFile(opening: path, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK)
            guard Self.isOurs(try file.status(path: path)) else { return nil }
            return file
        } catch .system(_, _, let code) where [ENOENT, ELOOP, EACCES, ENXIO].contains(code) {
            return nil
        }
    }

    /// Whether the file is safe to use: another process could write to a file of another user, or
    /// one with another name.
    private static func isOurs(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid() && status.st_nlink == 1
    }

    private func begin() throws(StorageError) -> (kept: PieceSet, stamp: FileStamp) {
        unsafe unlink(path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file: OpenFile
        do throws(StorageError) {
            file = OpenFile(raw: try posix("open", path) { unsafe open(path, flags, 0o666) })
        } catch .system(_, _, EEXIST) { throw .foreign(path: path) }
        return try begun(file)
    }

    private func begun(
        _ file: borrowing OpenFile
    ) throws(StorageError) -> (kept: PieceSet, stamp: FileStamp) {
        try file.setLength(manifest.geometry.total.raw, path: path)
        let kept = PieceSet(none: manifest.geometry.pieceCount)
        let status = try file.status(path: path)
        try writeState(kept, status)
        return (kept, FileStamp(status))
    }

    /// The first lines of a state file: its content, the start of the machine, and its file.
    private func beginning(of status: stat) throws(StorageError) -> [UInt8] {
        let head = PartRecord.head(
            Digest128(high: content.high, low: content.low), manifest.geometry)
        var identity: [UInt8] = []
        for number in [UInt64(status.st_dev), UInt64(status.st_ino)] {
            identity += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let boot = try PartRecord.boot().bytes
        guard let digest = PieceDigest(Digester.digest(of: boot + identity, .xxh3)) else {
            preconditionFailure("a digest fits")
        }
        return head + PartRecord(ofBoot: digest).encoded
    }

    /// The noted pieces; nil if the state file cannot be trusted.
    private func noted(_ status: stat) throws(StorageError) -> PieceSet? {
        guard let statePath = place.statePath else { return nil }
        let beginning = try beginning(of: status)
        let geometry = manifest.geometry
        var kept = PieceSet(none: geometry.pieceCount)
        do throws(StorageError) {
            let file = try OpenFile(opening: statePath, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let state = try readWhole(path: statePath)
            guard Self.isOurs(try file.status(path: statePath)),
                status.st_size == geometry.total.raw, state.starts(with: beginning)
            else { return nil }
            var last: FileStamp?
            for start in stride(
                from: beginning.count, to: state.count, by: PartRecord.byteCount)
            {
                guard let record = PartRecord(state[start...].prefix(PartRecord.byteCount)),
                    let piece = PieceIndex(record.number, below: geometry.pieceCount)
                else { return nil }
                kept.insert(piece)
                last = record.stamp
            }
            return kept.isEmpty || last == FileStamp(status) ? kept : nil
        } catch .system(_, _, let code) where [ENOENT, ELOOP, EACCES, ENXIO].contains(code) {
            return nil
        } catch .notAFile, .tooLong {
            return nil
        }
    }

    /// The identity of the file at `path` if it is the whole content.
    func whole(_ path: String, _ isClosed: () -> Bool) throws(StorageError) -> SourceIdentity? {
        do throws(StorageError) {
            let file = try OpenFile(opening: path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try file.status(path: path)
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size == manifest.geometry.total.raw
            else { return nil }
            let identity = try SourceIdentity(of: file, path: path)
            return try verified(file, path, isClosed).isFull ? identity : nil
        } catch .system(_, _, let code) where [ENOENT, ELOOP, EACCES, ENXIO].contains(code) {
            return nil
        }
    }

    private func verified(
        _ file: borrowing OpenFile, _ path: String, _ isClosed: () -> Bool
    ) throws(StorageError) -> PieceSet {
        let geometry = manifest.geometry
        var kept = PieceSet(none: geometry.pieceCount)
        let buffer = PieceBuffer(byteCount: Int(geometry.pieceLength.raw))
        for position in 0..<geometry.pieceCount {
            guard !isClosed() else {
                throw .system(call: "read", path: path, errno: ECANCELED)
            }
            let piece = PieceIndex(position)
            let size = geometry.size(of: piece)
            let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<size])
            try unsafe file.fill(memory, at: geometry.offset(of: piece), path: path)
            buffer.withBytes { bytes in
                if manifest.verifies(bytes.extracting(0..<size), as: piece) { kept.insert(piece) }
            }
        }
        return kept
    }

    /// Replaces the state file as a whole: a job that is killed meanwhile leaves the old one, or
    /// none.
    private func writeState(_ kept: PieceSet, _ status: stat) throws(StorageError) {
        guard let statePath = place.statePath else { return }
        let stamp = FileStamp(status)
        var lines = try beginning(of: status)
        for position in 0..<kept.capacity where kept.contains(PieceIndex(position)) {
            lines +=
                PartRecord(
                    piece: PieceIndex(position), digest: Self.mark, stamp: stamp
                ).encoded
        }
        do throws(StorageError) { try writeWhole(lines, path: statePath) } catch .notAFile {
            throw .system(call: "open", path: statePath, errno: EEXIST)
        }
    }

    /// Adds a piece to the state file. `stamp` is that of the file with it.
    func note(_ piece: PieceIndex, _ stamp: FileStamp?) throws(StorageError) {
        guard let statePath = place.statePath else { return }
        let record = PartRecord(piece: piece, digest: Self.mark, stamp: stamp)
        let file = try OpenFile(opening: statePath, flags: O_WRONLY | O_APPEND | O_NOFOLLOW)
        try unsafe file.write(record.encoded.span.bytes, path: statePath)
    }

    func remove() {
        unsafe unlink(path)
        removeState()
    }

    func removeState() {
        if let statePath = place.statePath { unsafe unlink(statePath) }
    }
}
