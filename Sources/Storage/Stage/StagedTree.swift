import Content
import Synchronization
import Vocabulary

/// A staged content at this rank: the copy that grows here, the source that is read here, and what
/// is known of the digests. Disk workers call it, several at a time.
///
/// Invariant: a piece counts as found only when its bytes were digested here; it is served only
/// with the digest that was found.
final class StagedTree: Sendable {
    let manifest: TreeManifest
    /// Nil where no copy is kept.
    let part: PartArea?
    /// The pieces of the source that are read here; they grow when the rank that read the others is
    /// gone.
    private let reading: Mutex<Reading>
    /// The pieces of the share that differ from the publisher's: they come from other ranks.
    let foreign: Mutex<PieceSet>
    let book: Mutex<DigestBook>
    let copying: Mutex<CopyState>
    /// The requested parts of the table that are being completed.
    let digesting = Mutex<Set<Range<Int>>>([])
    /// Whether the digests found here are those of the content.
    let isPublishing = Atomic<Bool>(false)
    let recent: RecentPieces
    let pool: BufferPool

    init(
        _ manifest: TreeManifest, part: PartArea?, source: TreeSource?, share: PieceSet,
        publishes: Bool = false, readsAllAlone: Bool = false, isFragment: Bool = false,
        recentMax: Int, pool: BufferPool,
        sourceStates: [FileStamp?] = [],
        whenMended: @escaping @Sendable (PieceIndex) -> Void = { _ in }
    ) {
        self.whenMended = whenMended
        self.manifest = manifest
        self.part = part
        reading = Mutex(
            Reading(
                source: source, share: share, readsAllAlone: readsAllAlone,
                isFragment: isFragment, received: PieceSet(none: share.capacity),
                states: sourceStates))
        self.pool = pool
        foreign = Mutex(PieceSet(none: manifest.geometry.pieceCount))
        recent = RecentPieces(countMax: recentMax)
        copying = Mutex(CopyState(claimed: PieceSet(none: manifest.geometry.pieceCount)))
        var book = DigestBook(pieceCount: manifest.geometry.pieceCount)
        var unmatched = PieceSet(none: manifest.geometry.pieceCount)
        // Pieces of an earlier run were digested then. Files in place prove nothing about the
        // source, which decides where it is read.
        if let part {
            let found = part.found
            for position in 0..<manifest.geometry.pieceCount {
                let piece = PieceIndex(position)
                if source != nil, found.contains(piece), publishes || share.contains(piece) {
                    unmatched.insert(piece)
                } else if let digest = part.digest(of: piece) {
                    book.note(digest, of: piece)
                }
            }
        }
        isPublisher = publishes
        self.unmatched = Mutex(unmatched)
        self.book = Mutex(book)
    }

    private struct Reading: Sendable {
        var source: TreeSource?
        var share: PieceSet
        /// Whether the whole source is read here once no copy grows here.
        let readsAllAlone: Bool
        /// Whether the source has the share alone.
        let isFragment: Bool
        /// The pieces that other ranks sent.
        var received: PieceSet
        /// The bytes of the source that were read although their digests were known.
        var bytesAgain = 0
        /// The states of the files of the source before any was read, as far as they are known.
        let states: [FileStamp?]
    }

    private let mendings = Atomic<Int>(0)
    /// Whether the digests of this rank are those of the content.
    let isPublisher: Bool
    /// Called with each piece in place that differs from our source.
    private let whenMended: @Sendable (PieceIndex) -> Void
    /// The pieces that were in place and digested there, and are yet to be compared with the source
    /// of this rank.
    private let unmatched: Mutex<PieceSet>

    /// Nil where the source is not read.
    var source: TreeSource? { reading.withLock { $0.source } }

    /// The pieces of the source that are read here: others read the rest.
    var share: PieceSet { reading.withLock { $0.share } }

    var isFragment: Bool { reading.withLock { $0.isFragment } }

    /// Reads the whole source from now on.
    func readAll(of source: TreeSource) {
        reading.withLock {
            if $0.source == nil { $0.source = source }
            $0.share = PieceSet(all: manifest.geometry.pieceCount)
        }
    }

    /// The source, if this rank reads all of it once no copy grows here.
    var sourceOfAll: TreeSource? { reading.withLock { $0.readsAllAlone ? $0.source : nil } }

    /// Whether the piece here came from another rank, and not from our source.
    func isReceived(_ piece: PieceIndex) -> Bool {
        reading.withLock { $0.received.contains(piece) }
    }

    func noteReceived(_ piece: PieceIndex) { reading.withLock { _ = $0.received.insert(piece) } }

    func forgetReceived(_ piece: PieceIndex) { reading.withLock { _ = $0.received.remove(piece) } }

    /// The pieces that can be served from the start.
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

    /// The pieces that come from the source of this rank.
    var readHere: PieceSet {
        var pieces = share
        guard source != nil else { return PieceSet(none: share.capacity) }
        guard let part else { return pieces }
        for position in 0..<share.capacity where part.holds(PieceIndex(position)) {
            pieces.remove(PieceIndex(position))
        }
        return pieces
    }

    /// The pieces that were in place: they are not digested, and come from no source.
    var believed: PieceSet {
        var believed = part?.held ?? PieceSet(none: share.capacity)
        let unmatched = unmatched.withLock { $0 }
        book.withLock { book in
            for position in 0..<believed.capacity {
                let piece = PieceIndex(position)
                let isRead = source != nil && share.contains(piece) && part?.holds(piece) != true
                let isProvable = book[piece] != nil || unmatched.contains(piece)
                if isProvable || isRead { believed.remove(piece) }
            }
        }
        return believed
    }

    func reads(_ piece: PieceIndex) -> Bool {
        source != nil && share.contains(piece) && !isForeign(piece)
    }

    func isForeign(_ piece: PieceIndex) -> Bool { foreign.withLock { $0.contains(piece) } }

    func isUnmatched(_ piece: PieceIndex) -> Bool { unmatched.withLock { $0.contains(piece) } }

    /// The pieces that are copied from the source of this rank, or compared with it.
    var local: PieceSet {
        var local = share
        unmatched.withLock { local.formUnion($0) }
        return local
    }

    /// The bytes of a piece that is here, and their digest. With `copies` a piece that is not in
    /// the copy yet is written to it. Only the thread that claimed the piece may do that: a second
    /// one could still write when the first is done and the files get their dates and names.
    func read(
        _ piece: PieceIndex, copies: Bool
    ) throws(StorageError) -> RecentPieces.Row {
        let row = try recent.row(of: piece) { () throws(StorageError) in
            if let copy = try readCopy(of: piece) { copy } else { try readSource(piece) }
        }
        if copies { try copy(row) }
        return row
    }

    /// Reads the piece from the copy. Nil if the source is to be read: the piece is not in the
    /// copy, or its digest is unknown and the source can give it.
    private func readCopy(of piece: PieceIndex) throws(StorageError) -> RecentPieces.Row? {
        guard let part, part.holds(piece), !isUnmatched(piece) else { return nil }
        // A piece that another thread has just written may not be in the book yet.
        let expected = book.withLock { $0.expected(of: piece) } ?? part.digest(of: piece)
        guard expected != nil || !canRead(piece) else { return nil }
        let buffer = pool.buffer(byteCount: manifest.geometry.size(of: piece))
        try unsafe part.read(piece, into: buffer.memory)
        let digest = self.digest(of: buffer)
        guard digest == expected ?? digest else {
            // Another process has altered the growing files, perhaps in other places too.
            try part.distrust(piece)
            guard lost(piece) else { throw changed(piece) }
            return nil
        }
        _ = try check(digest, of: piece)
        return RecentPieces.Row(piece: piece, buffer: buffer, digest: digest)
    }

    /// A piece of our copy is gone. Returns false if it has to come from others.
    func lost(_ piece: PieceIndex) -> Bool {
        recent.drop(piece)
        book.withLock { $0.lose(piece) }
        guard canRead(piece) else { return false }
        copying.withLock { _ = $0.claimed.remove(piece) }
        return true
    }

    var bytesReadAgain: Int { reading.withLock { $0.bytesAgain } }

    /// The states of the files of our source before any was read, as far as they are known.
    var sourceStates: [FileStamp?] { reading.withLock { $0.states } }

    /// Whether another attempt is worth while: a process that alters growing files may never stop.
    func mayBeMended() -> Bool {
        mendings.add(1, ordering: .relaxed).oldValue < Self.mendingsMax
    }

    private static let mendingsMax = 5

    private func readSource(_ piece: PieceIndex) throws(StorageError) -> RecentPieces.Row {
        guard let source, canRead(piece) else { throw changed(piece) }
        let buffer = pool.buffer(byteCount: manifest.geometry.size(of: piece))
        try unsafe source.read(piece, into: buffer.memory)
        let digest = self.digest(of: buffer)
        guard book.withLock({ $0.saying(of: piece) ?? digest }) == digest else {
            try disown(piece, isOfSource: true)
            throw changed(piece)
        }
        if try check(digest, of: piece) { reading.withLock { $0.bytesAgain += buffer.byteCount } }
        try match(piece, digest)
        return RecentPieces.Row(piece: piece, buffer: buffer, digest: digest)
    }

    /// Drops pieces in place that differ from the source.
    private func match(_ piece: PieceIndex, _ digest: PieceDigest) throws(StorageError) {
        guard let part, isUnmatched(piece) else { return }
        if part.digest(of: piece) != digest {
            try part.drop(piece)
            whenMended(piece)
        }
        _ = unmatched.withLock { $0.remove(piece) }
    }

    /// Whether our source may give the piece: a publisher may need one that others read.
    private func canRead(_ piece: PieceIndex) -> Bool {
        reads(piece)
            || isPublisher && !isFragment && source != nil && !isForeign(piece)
                && part?.holds(piece) == true
    }

    private func copy(_ row: RecentPieces.Row) throws(StorageError) {
        guard let part, !part.holds(row.piece) else { return }
        try row.buffer.withBytes { bytes throws(StorageError) in
            try part.write(bytes, as: row.piece, digest: row.digest)
        }
    }

    /// A digest that was found once must be found again; otherwise the source has changed, or the
    /// disk is faulty. Returns whether it was known.
    private func check(_ digest: PieceDigest, of piece: PieceIndex) throws(StorageError) -> Bool {
        let known = book.withLock { book in
            let known = book[piece]
            if known == nil { book.note(digest, of: piece) }
            return known
        }
        guard known ?? digest == digest else { throw changed(piece) }
        return known != nil
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
}
