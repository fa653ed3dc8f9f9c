import Vocabulary

/// A rank's disk: which pieces are on it, and how busy it is. Its two threads share it.
struct SimulatedDisk {
    var model: DiskModel
    private var held: [PieceSet]
    private let contents: [ContentID]
    private var freeAt: UInt64 = 0
    private var written: Int64 = 0
    private(set) var writeCount = 0
    private(set) var readCount = 0
    /// What went wrong, by kind.
    var shortWrites = 0
    var failedWrites = 0
    var fullWrites = 0
    var rottenReads = 0
    var failedReads = 0
    /// Reads of pieces that are not there: the node served what it does not have.
    var missingReads = 0

    static let ioError: Int32 = 5

    init(_ model: DiskModel, contents: [SimulatedContent]) {
        self.model = model
        self.contents = contents.map(\.content)
        held = contents.map { PieceSet(none: $0.geometry.pieceCount) }
    }

    private func index(of content: ContentID) -> Int? { contents.firstIndex(of: content) }

    func holds(_ payload: SimulatedPayload) -> Bool {
        guard let index = index(of: payload.content), Int(payload.piece) < held[index].capacity
        else { return false }
        return held[index].contains(PieceIndex(Int(payload.piece)))
    }

    func holds(_ piece: PieceIndex, of content: ContentID) -> Bool {
        guard let index = index(of: content), piece.position < held[index].capacity else {
            return false
        }
        return held[index].contains(piece)
    }

    var isFull: Bool { held.allSatisfy(\.isFull) }

    /// The whole content was there from the start.
    mutating func own(_ content: ContentID) {
        guard let index = index(of: content) else { return }
        held[index] = PieceSet(all: held[index].capacity)
    }

    mutating func keep(_ piece: PieceIndex, of content: ContentID) {
        if let index = index(of: content) { held[index].insert(piece) }
    }

    /// When a write of so many bytes is done, and what came of it.
    mutating func write(_ byteCount: Int, now: Tick) -> (done: Tick, failure: StoreFailure?) {
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

    /// Nil when the piece is not there, or cannot be read; else whether its bytes are what was
    /// written.
    mutating func read(_ piece: PieceIndex, of content: ContentID) -> Bool? {
        guard let index = index(of: content), held[index].contains(piece) else {
            missingReads += 1
            return nil
        }
        readCount += 1
        if model.unreadableEvery > 0, readCount % model.unreadableEvery == 0 {
            failedReads += 1
            return nil
        }
        guard model.rotEvery > 0, readCount % model.rotEvery == 0 else { return true }
        rottenReads += 1
        return false
    }
}
