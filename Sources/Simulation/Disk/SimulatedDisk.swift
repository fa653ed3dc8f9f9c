import Vocabulary

/// A rank's disk: the pieces on it with their versions, the pieces of a source that can be read
/// there, and the time at which the disk is free. Both threads of the rank use it.
struct SimulatedDisk {
    private struct Row {
        let content: ContentID
        var kept: PieceSet
        /// The versions of kept pieces, where not 0.
        var keptVersions: [UInt32: UInt32] = [:]
        /// The pieces of a source on this disk; nil where there is none.
        var source: PieceSet?
        var sourceVersions: [UInt32: UInt32] = [:]
        /// Pieces that were found to be wrong: the upload thread may not know it yet.
        var dropped: PieceSet?
    }

    var model: DiskModel
    private var rows: [Row]
    private var freeAt: UInt64 = 0
    private var written: Int64 = 0
    private(set) var writeCount = 0
    private(set) var readCount = 0
    /// For each kind of fault, the number of times that it had an effect.
    var shortWrites = 0
    var failedWrites = 0
    var fullWrites = 0
    var rottenReads = 0
    var failedReads = 0
    /// Reads of pieces that are not there: the node served a piece that it does not have.
    var missingReads = 0

    static let ioError: Int32 = 5

    init(_ model: DiskModel, contents: [SimulatedContent]) {
        self.model = model
        rows = []
        for content in contents { add(content) }
    }

    mutating func add(_ content: SimulatedContent) {
        let kept = PieceSet(none: content.geometry.pieceCount)
        rows.append(Row(content: content.content, kept: kept))
    }

    private func index(of content: ContentID) -> Int? {
        rows.firstIndex { $0.content == content }
    }

    func holds(_ payload: SimulatedPayload) -> Bool {
        guard let index = index(of: payload.content),
            Int(payload.piece) < rows[index].kept.capacity
        else { return false }
        return rows[index].kept.contains(PieceIndex(Int(payload.piece)))
    }

    /// Whether it can serve the piece, from the growing copy or from a source.
    func holds(_ piece: PieceIndex, of content: ContentID) -> Bool {
        guard let index = index(of: content), piece.position < rows[index].kept.capacity else {
            return false
        }
        return rows[index].kept.contains(piece) || rows[index].source?.contains(piece) == true
    }

    /// Whether the rank may announce the piece. At the moment at which a piece is dropped, the
    /// upload thread cannot know of it.
    func mayAnnounce(_ piece: PieceIndex, of content: ContentID) -> Bool {
        holds(piece, of: content) || wasDropped(piece, of: content)
    }

    private func wasDropped(_ piece: PieceIndex, of content: ContentID) -> Bool {
        guard let index = index(of: content), piece.position < rows[index].kept.capacity else {
            return false
        }
        return rows[index].dropped?.contains(piece) == true
    }

    func kept(of content: ContentID) -> PieceSet? { index(of: content).map { rows[$0].kept } }

    var isFull: Bool { rows.allSatisfy(\.kept.isFull) }

    /// The space that is left for writes.
    var room: Int64 { model.capacity - written }

    /// The rank has the whole content from the start.
    mutating func own(_ content: ContentID) {
        guard let index = index(of: content) else { return }
        rows[index].kept = PieceSet(all: rows[index].kept.capacity)
    }

    mutating func keep(_ piece: PieceIndex, of content: ContentID, version: UInt32 = 0) {
        guard let index = index(of: content) else { return }
        rows[index].kept.insert(piece)
        rows[index].keptVersions[piece.raw] = version == 0 ? nil : version
        rows[index].dropped?.remove(piece)
    }

    /// Removes everything of an unfinished content.
    mutating func forsake(_ content: ContentID) {
        guard let index = index(of: content) else { return }
        let kept = rows[index].kept
        var next = kept.first()
        while let piece = next {
            drop(piece, of: content)
            next = kept.first(from: piece.position + 1)
        }
    }

    /// These pieces of the source can be read here; `versions` has those that are not 0.
    mutating func offer(
        _ pieces: PieceSet, of content: ContentID, versions: [UInt32: UInt32]
    ) {
        guard let index = index(of: content) else { return }
        rows[index].source = pieces
        rows[index].sourceVersions = versions
    }

    /// No piece of the source can be read any more.
    mutating func removeSource(of content: ContentID) {
        guard let index = index(of: content) else { return }
        rows[index].source = nil
    }

    /// Removes the piece from the copy and from the source.
    mutating func drop(_ piece: PieceIndex, of content: ContentID) {
        guard let index = index(of: content) else { return }
        rows[index].kept.remove(piece)
        rows[index].keptVersions[piece.raw] = nil
        rows[index].source?.remove(piece)
        var dropped = rows[index].dropped ?? PieceSet(none: rows[index].kept.capacity)
        dropped.insert(piece)
        rows[index].dropped = dropped
    }

    /// The version of a piece that is here; nil where the piece is not.
    func version(of piece: PieceIndex, of content: ContentID) -> UInt32? {
        guard let index = index(of: content) else { return nil }
        if rows[index].kept.contains(piece) { return rows[index].keptVersions[piece.raw] ?? 0 }
        guard rows[index].source?.contains(piece) == true else { return nil }
        return rows[index].sourceVersions[piece.raw] ?? 0
    }

    /// The time at which a write of that size completes, and its failure.
    mutating func write(_ byteCount: Int, now: Tick) -> (done: Tick, failure: StoreError?) {
        writeCount += 1
        var seconds = Double(byteCount) / model.writeRate
        if model.shortWriteEvery > 0, writeCount % model.shortWriteEvery == 0 {
            shortWrites += 1
            seconds *= 2
        }
        let wait = model.writeLatency.wholeNanoseconds + UInt64(seconds * 1e9)
        freeAt = max(freeAt, now.nanoseconds) + wait
        let done = Tick(nanoseconds: freeAt)
        if model.failingFromWrite > 0, writeCount >= model.failingFromWrite {
            failedWrites += 1
            return (done, .failing(errno: Self.ioError))
        }
        guard written + Int64(byteCount) <= model.capacity else {
            fullWrites += 1
            return (done, .noSpace)
        }
        written += Int64(byteCount)
        return (done, nil)
    }

    /// The version of the bytes that a read returns; nil where the piece is not there or cannot be
    /// read.
    mutating func read(_ piece: PieceIndex, of content: ContentID) -> UInt32? {
        guard let version = version(of: piece, of: content) else {
            if !wasDropped(piece, of: content) { missingReads += 1 }
            return nil
        }
        readCount += 1
        if model.unreadableEvery > 0, readCount % model.unreadableEvery == 0 {
            failedReads += 1
            return nil
        }
        guard model.rotEvery > 0, readCount % model.rotEvery == 0 else { return version }
        rottenReads += 1
        return SimulatedPayload.spoilt
    }
}
