import Content
import Synchronization
import Vocabulary

/// A staged content at this rank: the copy that grows here, the source that is read here, and what
/// is known of the digests. Disk workers call it, several at a time.
///
/// Invariant: a piece counts as found only when its bytes were digested here; it is served only
/// as what it was found to be.
final class StagedTree: Sendable {
    let manifest: TreeManifest
    /// Nil where no copy is kept.
    let part: PartArea?
    /// What is read of the source here; it grows when who read the rest is gone.
    private let reading: Mutex<Reading>
    /// What of the share is not what the publisher has: it comes from others.
    let foreign: Mutex<PieceSet>
    let book: Mutex<DigestBook>
    let copying: Mutex<CopyState>
    /// The parts of the table that somebody asked for and that are being completed.
    let digesting = Mutex<Set<Range<Int>>>([])
    /// What the digests are found to be here is what they are.
    let isPublishing = Atomic<Bool>(false)
    let recent: RecentPieces
    let pool: BufferPool

    init(
        _ manifest: TreeManifest, part: PartArea?, source: TreeSource?, share: PieceSet,
        recentMax: Int, pool: BufferPool
    ) {
        self.manifest = manifest
        self.part = part
        reading = Mutex(Reading(source: source, share: share))
        self.pool = pool
        foreign = Mutex(PieceSet(none: manifest.geometry.pieceCount))
        recent = RecentPieces(countMax: recentMax)
        copying = Mutex(CopyState(claimed: PieceSet(none: manifest.geometry.pieceCount)))
        var book = DigestBook(pieceCount: manifest.geometry.pieceCount)
        // What an earlier run brought here was digested then.
        if let part {
            for position in 0..<manifest.geometry.pieceCount {
                let piece = PieceIndex(position)
                if let digest = part.digest(of: piece) { book.note(digest, of: piece) }
            }
        }
        self.book = Mutex(book)
    }

    private struct Reading: Sendable {
        var source: TreeSource?
        var share: PieceSet
    }

    /// Nil where the source is not read.
    var source: TreeSource? { reading.withLock { $0.source } }

    /// What of the source is read here: others read the rest.
    var share: PieceSet { reading.withLock { $0.share } }

    /// Reads all of it from now on.
    func readAll(of source: TreeSource) {
        reading.withLock {
            if $0.source == nil { $0.source = source }
            $0.share = PieceSet(all: manifest.geometry.pieceCount)
        }
    }

    /// What can be served from the start.
    var held: PieceSet {
        guard let part else { return source == nil ? PieceSet(none: share.capacity) : share }
        var held = part.held
        guard source != nil else { return held }
        var next = share.first()
        while let piece = next {
            held.insert(piece)
            next = share.first(from: piece.position + 1)
        }
        return held
    }

    /// What of it comes from our source.
    var readHere: PieceSet {
        var pieces = share
        guard source != nil else { return PieceSet(none: share.capacity) }
        guard let part else { return pieces }
        for position in 0..<share.capacity where part.holds(PieceIndex(position)) {
            pieces.remove(PieceIndex(position))
        }
        return pieces
    }

    /// What is here without having been digested, and comes from no source: it was in place.
    var believed: PieceSet {
        var believed = part?.held ?? PieceSet(none: share.capacity)
        book.withLock { book in
            for position in 0..<believed.capacity {
                let piece = PieceIndex(position)
                let isRead = source != nil && share.contains(piece) && part?.holds(piece) != true
                if book[piece] != nil || isRead { believed.remove(piece) }
            }
        }
        return believed
    }

    func reads(_ piece: PieceIndex) -> Bool {
        source != nil && share.contains(piece) && !isForeign(piece)
    }

    func isForeign(_ piece: PieceIndex) -> Bool { foreign.withLock { $0.contains(piece) } }

    /// The bytes of a piece that is here, and their digest. It `copies` what is not in our copy
    /// yet: only whoever claimed the piece may, or a second one would still write when the first
    /// is done and the files get their dates and names.
    func read(
        _ piece: PieceIndex, copies: Bool
    ) throws(StorageError) -> RecentPieces.Row {
        if let row = recent.row(of: piece) {
            if copies { try copy(row) }
            return row
        }
        let buffer = pool.buffer(byteCount: manifest.geometry.size(of: piece))
        if let part, part.holds(piece) {
            try unsafe part.read(piece, into: buffer.memory)
        } else if let source, reads(piece) {
            try unsafe source.read(piece, into: buffer.memory)
        } else {
            throw changed(piece)
        }
        let digest = self.digest(of: buffer)
        guard book.withLock({ $0.saying(of: piece) ?? digest }) == digest else {
            try disown(piece)
            throw changed(piece)
        }
        try check(digest, of: piece)
        let row = RecentPieces.Row(piece: piece, buffer: buffer, digest: digest)
        if copies { try copy(row) }
        recent.put(row)
        return row
    }

    private func copy(_ row: RecentPieces.Row) throws(StorageError) {
        guard let part, !part.holds(row.piece) else { return }
        try row.buffer.withBytes { bytes throws(StorageError) in
            try part.write(bytes, as: row.piece, digest: row.digest)
        }
    }

    /// What was found once is what it stays: else the source changed, or the disk forgot.
    private func check(_ digest: PieceDigest, of piece: PieceIndex) throws(StorageError) {
        let isSame = book.withLock { book in
            if let known = book[piece] { return known == digest }
            book.note(digest, of: piece)
            return true
        }
        guard isSame else { throw changed(piece) }
    }

    private func changed(_ piece: PieceIndex) -> StorageError {
        let entry = manifest.stretches(of: piece).first?.entry ?? 0
        return .changed(path: manifest.entries[entry].path.description)
    }

    func digest(of buffer: PieceBuffer) -> PieceDigest {
        let bytes = buffer.withBytes { Digester.digest(of: $0, manifest.digest) }
        guard let digest = PieceDigest(bytes) else {
            preconditionFailure("a digest has as many bytes as its algorithm gives")
        }
        return digest
    }

    /// Verifies what came against what the publisher says, or else what the sender says. False
    /// when it is something else.
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
        recent.put(RecentPieces.Row(piece: piece, buffer: buffer, digest: expected))
        return true
    }
}
