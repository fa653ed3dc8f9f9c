import CLinux
import Content
import Glibc
import Vocabulary

/// What an earlier job left of a content. The state file is believed where it speaks of this very
/// file since the machine started, is whole, and nothing was written to the file after it.
/// Otherwise every piece is read, and its digest decides: no state file, an old one, a torn one or
/// that of something else loses nothing, and makes nobody believe what is not so.
struct LiveRemains {
    let content: ContentID
    let manifest: Manifest
    let path: String
    let statePath: String

    /// What a line of the state file says where the manifest has the digests.
    static var mark: PieceDigest? { PieceDigest([1]) }

    /// The pieces that are there. Afterwards both files are, and may be written to.
    func resume(isClosed: () -> Bool) throws(StorageError) -> PieceSet {
        guard let file = try existing() else { return try begin() }
        let status = try file.status(path: path)
        let beginning = try beginning(of: status)
        if let kept = try noted(beginning, status) { return kept }
        try file.setLength(manifest.geometry.total.raw, path: path)
        let kept = try verified(file, isClosed)
        try writeState(beginning, kept)
        return kept
    }

    /// Nil where nothing is that could be continued.
    private func existing() throws(StorageError) -> OpenFile? {
        do throws(StorageError) {
            let file = try OpenFile(opening: path, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK)
            guard try file.status(path: path).st_mode & S_IFMT == S_IFREG else { return nil }
            return file
        } catch .system(_, _, let code) where code == ENOENT || code == ELOOP {
            return nil
        }
    }

    private func begin() throws(StorageError) -> PieceSet {
        unsafe unlink(path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = OpenFile(raw: try posix("open", path) { unsafe open(path, flags, 0o666) })
        try file.setLength(manifest.geometry.total.raw, path: path)
        let kept = PieceSet(none: manifest.geometry.pieceCount)
        try writeState(beginning(of: file.status(path: path)), kept)
        return kept
    }

    /// The first lines of a state file: of which content it speaks, since when, and of which file.
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

    /// Nil where the state file is not to be believed.
    private func noted(_ beginning: [UInt8], _ status: stat) throws(StorageError) -> PieceSet? {
        let geometry = manifest.geometry
        var kept = PieceSet(none: geometry.pieceCount)
        do throws(StorageError) {
            let file = try OpenFile(opening: statePath, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let noted = try FileTime(file.status(path: statePath), path: statePath)
            let written = try FileTime(status, path: path)
            let state = try readWhole(path: statePath)
            guard status.st_size == geometry.total.raw, state.starts(with: beginning),
                (written.seconds, written.nanoseconds) <= (noted.seconds, noted.nanoseconds)
            else { return nil }
            for start in stride(
                from: beginning.count, to: state.count, by: PartRecord.byteCount)
            {
                guard let record = PartRecord(state[start...].prefix(PartRecord.byteCount)),
                    let piece = PieceIndex(record.piece, below: geometry.pieceCount)
                else { return nil }
                kept.insert(piece)
            }
            return kept
        } catch .system(_, _, ENOENT) {
            return nil
        } catch .system(_, _, ELOOP) {
            return nil
        } catch .notAFile, .tooLong {
            return nil
        }
    }

    private func verified(
        _ file: borrowing OpenFile, _ isClosed: () -> Bool
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

    /// All at once: a job that is killed meanwhile leaves the old one, or none.
    private func writeState(_ beginning: [UInt8], _ kept: PieceSet) throws(StorageError) {
        var lines = beginning
        for position in 0..<kept.capacity where kept.contains(PieceIndex(position)) {
            lines += PartRecord(piece: PieceIndex(position), digest: Self.mark).encoded
        }
        do throws(StorageError) { try writeWhole(lines, path: statePath) } catch .notAFile {
            throw .system(call: "open", path: statePath, errno: EEXIST)
        }
    }
}
