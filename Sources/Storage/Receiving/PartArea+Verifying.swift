import CLinux
import Content
import Glibc
import Synchronization
import Vocabulary

extension PartArea {
    /// Reads and digests the pieces in doubted files, and those that a job before `noted` and
    /// that are not to be believed for it. Whether the digests of what was in place are right
    /// others know; a piece that lies in a growing file too must have the digest that was noted.
    func verify(_ noted: [PieceDigest?]) throws(StorageError) {
        if options.verifies {
            try sortOutHoles()
            try verifyDoubted(noted)
        }
        for position in noted.indices where noted[position] != nil {
            let piece = PieceIndex(position)
            if !holds(piece) { try verify(piece, noted: noted[position]) }
            guard !holds(piece) else { continue }
            try ledger.withLock { ledger throws(StorageError) in try ledger.drop(piece) }
        }
    }

    /// Bytes in a hole would be repaired by no piece, so such a file is written from the start.
    private func sortOutHoles() throws(StorageError) {
        for entry in layout.entries.indices where states.withLock({ $0[entry].place == .doubted }) {
            guard try !places.hasOnlyHoles(entry, on: .final) else { continue }
            states.withLock { $0[entry].place = .replaced }
        }
    }

    private func verifyDoubted(_ noted: [PieceDigest?]) throws(StorageError) {
        var next = 0
        for entry in layout.entries.indices where states.withLock({ $0[entry].place == .doubted }) {
            try stamps.trust(entry, as: FileStamp(status(of: entry, on: .final)))
            let pieces = layout.manifest.pieces(of: entry)
            for position in pieces where position >= next {
                try verify(PieceIndex(position), noted: noted[position])
            }
            next = max(next, pieces.upperBound)
        }
    }

    private func verify(_ piece: PieceIndex, noted: PieceDigest?) throws(StorageError) {
        let stretches = layout.manifest.stretches(of: piece).filter {
            !layout.data(in: $0).isEmpty
        }
        let (isThere, hasGrown) = states.withLock { states in
            (
                stretches.allSatisfy { !states[$0.entry].grows || states[$0.entry].isMade },
                stretches.contains { states[$0.entry].grows }
            )
        }
        guard isThere, !stretches.isEmpty, !hasGrown || noted != nil else { return }
        let buffer = PieceBuffer(byteCount: geometry.size(of: piece))
        try unsafe read(piece, into: buffer.memory)
        let algorithm = layout.manifest.digest
        let digest = buffer.withBytes { PieceDigest(Digester.digest(of: $0, algorithm)) }
        guard let digest else { preconditionFailure("every algorithm's digest is short") }
        guard hasGrown else { return ledger.withLock { $0.find(piece, digest: digest) } }
        guard digest == noted else { return }
        try hold(piece, digest: digest)
    }
}

extension OpenFile {
    /// Reads only what the file system does not know to be a hole.
    borrowing func isZero(
        _ range: Range<Int64>, _ buffer: PieceBuffer, path: String
    ) throws(StorageError) -> Bool {
        var offset = range.lowerBound
        while true {
            offset = try nextData(from: offset, path: path) ?? range.upperBound
            guard offset < range.upperBound else { return true }
            let count = min(buffer.byteCount, Int(range.upperBound - offset))
            let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<count])
            try unsafe fill(memory, at: offset, path: path)
            guard unsafe memory.allSatisfy({ $0 == 0 }) else { return false }
            offset += Int64(count)
        }
    }

    /// Nil where nothing but a hole follows.
    private borrowing func nextData(
        from offset: Int64, path: String
    ) throws(StorageError) -> Int64? {
        let raw = raw
        do throws(StorageError) {
            let seekData: Int32 = 3
            return Int64(try posix("lseek", path) { lseek(raw, off_t(offset), seekData) })
        } catch .system(_, _, ENXIO) {
            return nil
        }
    }
}
