import Content
import Synchronization
import Vocabulary

extension StagedTree {
    /// The pieces that came before the tree was known, or that lie in the place of a fragment, and
    /// that no source of this rank proves. If the publisher were lost, their digests could become
    /// the content's.
    var unprovenHere: PieceSet {
        guard let part else { return PieceSet(none: share.capacity) }
        var pieces = isFragment ? part.inPlace : part.foundGrowing
        pieces.subtract(local)
        return pieces
    }

    /// The digest of the whole table, the first time that it is complete.
    func takeTable() -> PieceDigest? {
        book.withLock { book in
            guard !book.isTold, let digest = book.tableDigest(manifest.digest) else { return nil }
            book.isTold = true
            return digest
        }
    }

    func isProven(by table: PieceDigest) -> Bool {
        book.withLock { $0.isProven(by: table, manifest.digest) }
    }

    /// Drops the pieces of the copy that differ from the source, which is read instead from now on.
    /// Their digests may be those of a rank that lied. Pieces in place are trusted, as before, and
    /// so are those that the publisher has confirmed.
    func compareWithSource(_ source: TreeSource) throws(StorageError) {
        guard let part, !hasLostCopy, !book.withLock({ $0.isProven }) else { return }
        let share = share
        for position in 0..<share.capacity {
            let piece = PieceIndex(position)
            guard part.holds(piece), !share.contains(piece) || isReceived(piece),
                let known = book.withLock({ $0.unconfirmed(piece) })
            else { continue }
            let buffer = pool.buffer(byteCount: manifest.geometry.size(of: piece))
            try unsafe source.read(piece, into: buffer.memory)
            guard digest(of: buffer) != known else { continue }
            readAll(of: source)
            try disown(piece, isOfSource: false)
        }
    }

    /// Compares the digests of the publisher from `first` on. Pieces that differ are dropped.
    func compare(
        from first: Int, digests: [UInt8]
    ) throws(StorageError) -> [PieceIndex] {
        let size = manifest.digest.byteCount
        var wrong: [PieceIndex] = []
        for (number, start) in stride(from: 0, to: digests.count, by: size).enumerated() {
            guard let digest = PieceDigest(digests[start..<min(start + size, digests.count)]),
                let piece = PieceIndex(
                    UInt32(first + number), below: manifest.geometry.pieceCount)
            else { break }
            guard !book.withLock({ $0.heard(digest, of: piece) }) else { continue }
            wrong.append(piece)
            try disown(piece, isOfSource: reads(piece) && !isReceived(piece))
        }
        return wrong
    }

    /// The piece differs from the publisher's, here or at our source. A wrong piece of a peer does
    /// not condemn our source: if no rank sends the piece any more, it is copied from there.
    func disown(_ piece: PieceIndex, isOfSource: Bool) throws(StorageError) {
        if isOfSource { _ = foreign.withLock { $0.insert(piece) } }
        try part?.drop(piece)
        recent.drop(piece)
        book.withLock { $0.forget(piece) }
        forgetReceived(piece)
        if !isOfSource { copying.withLock { _ = $0.claimed.remove(piece) } }
    }

    /// Whether the piece is no longer in our copy, nor in a source that is read here.
    func hasLost(_ piece: PieceIndex) -> Bool {
        guard let part else { return false }
        return !part.holds(piece) && !reads(piece)
    }

    /// A part of the table for a rank that compares; nil while some of it is not digested.
    func table(_ range: Range<Int>) -> [UInt8]? { book.withLock { $0.table(range) } }

    /// Digests the next piece of the range that is here and undigested. Returns false if there is
    /// none: a piece that arrives later is digested on arrival.
    func digestNext(in range: Range<Int>) throws(StorageError) -> Bool {
        let piece = book.withLock { $0.unknown(in: range) }.first {
            reads($0) || part?.holds($0) == true
        }
        guard let piece else { return false }
        _ = try read(piece)
        return true
    }

    /// Verifies a received piece by the publisher's digest or, without one, by the sender's.
    /// Returns false if it differs.
    func keep(
        _ buffer: PieceBuffer, as piece: PieceIndex, digest said: PieceDigest?
    ) throws(StorageError) -> Bool {
        guard let part else { preconditionFailure("who keeps no copy fetches nothing") }
        guard let expected = book.withLock({ $0.saying(of: piece) }) ?? said,
            buffer.byteCount == manifest.geometry.size(of: piece),
            digest(of: buffer) == expected
        else { return false }
        try buffer.withBytes { bytes throws(StorageError) in
            try part.write(bytes, as: piece, digest: expected)
        }
        book.withLock { $0.note(expected, of: piece) }
        noteReceived(piece)
        recent.put(RecentPieces.Row(piece: piece, buffer: buffer, digest: expected))
        return true
    }
}
