import Vocabulary
import Wire

/// The fetching of one content: a wanted file, or the manifest that another transfer waits for.
///
///     idle → asked → (manifest →) fetching → (proving →) finishing → done
///            asked → sharing → finishing; failed from anywhere
///
/// It keeps its board and its sources in step. Invariant: `useful` of a source is the number of
/// pieces that it holds and the board lacks, and a queued piece's rarity is the number of sources,
/// other than seeds, that hold it.
struct Transfer: Sendable {
    enum Stage: Equatable, Sendable {
        case idle
        /// The tracker has been asked for the members of the swarm.
        case asked
        /// The manifest is being read, or fetched by another transfer.
        case opening
        case fetching
        /// All pieces are here, and are being compared with the publisher's digests.
        case proving
        /// Another transfer fetches the same content, and its result counts for both.
        case sharing(with: TransferIndex)
        /// All pieces are here, and the store is naming the file.
        case finishing
        case done
        case failed(FailureReason)
    }

    /// Whether sources are to be asked for pieces.
    enum Turn: Sendable {
        /// Nothing has changed since they were asked.
        case done
        case due
        /// There was no buffer left.
        case waiting
    }

    enum Purpose: Equatable, Sendable {
        case want(WantNumber)
        /// The manifest of that transfer's content.
        case manifest(of: TransferIndex)
    }

    let purpose: Purpose
    var stage = Stage.idle
    var content: ContentID?
    private(set) var geometry: Geometry?
    var board = PieceBoard()
    var sources = SourceTable()
    var filling = Turn.due
    var pace = Pace()
    var inquiry = Inquiry()
    /// The comparison of the pieces with the publisher's digests.
    var proof = Proof()
    private(set) var duty = Duty.fetching
    /// The disk space that the content needs, if ranks of this host share a disk.
    var need: RoomNeed?
    /// Whether the tracker has decided if there is room.
    var isSettled = false
    /// The user's order that this transfer carries out.
    var order: GetOrder?

    init(purpose: Purpose) { self.purpose = purpose }

    var isOver: Bool {
        switch stage {
        case .done, .failed: true
        case .idle, .asked, .opening, .fetching, .proving, .sharing, .finishing: false
        }
    }

    var awaitsRoom: Bool { stage == .opening && need != nil && !isSettled }

    var isFile: Bool {
        switch purpose {
        case .want: true
        case .manifest: false
        }
    }

    var pieceLength: Int64 { geometry?.pieceLength.raw ?? 0 }

    mutating func begin(_ opened: OpenedContent) {
        let pieceCount = opened.geometry.pieceCount
        precondition(opened.held.capacity == pieceCount, "the pieces of another content are here")
        geometry = opened.geometry
        proof = Proof(opened, after: proof)
        duty = Duty(opened)
        sources = SourceTable(members: sources.members, pieceCount: pieceCount)
        board = PieceBoard(held: opened.held, of: pieceCount)
        stage = .fetching
    }

    // MARK: Pieces

    mutating func gaveBack(_ piece: PieceIndex) {
        board.gaveBack(piece)
        filling = .due
    }

    mutating func got(_ piece: PieceIndex) {
        board.got(piece)
        pace.gotPiece()
        sources.got(piece)
    }

    /// Queues a piece again that was wrong.
    mutating func lost(_ piece: PieceIndex) {
        guard board.lost(piece) else { return }
        filling = .due
        sources.lost(piece)
    }

    // MARK: Sources

    mutating func addSource(_ rank: Rank, isSeed: Bool, stance: Stance) {
        sources.add(
            rank, isSeed: isSeed, stance: stance,
            missing: board.have.capacity - board.have.count)
    }

    mutating func removeSource(_ place: SourceIndex) {
        forgetHolds(place)
        turn(place, to: .choked)
        sources.remove(place)
    }

    mutating func noteHolds(_ place: SourceIndex, _ piece: PieceIndex) {
        let isMissing = !board.have.contains(piece)
        guard sources.noteHolds(place, piece, isMissing: isMissing) else { return }
        if !sources[place].isSeed { board.rarity.raise(piece) }
        filling = .due
    }

    mutating func noteHolds(_ place: SourceIndex, _ pieces: PieceSet) {
        var next = sources.first(of: pieces, notAt: place)
        while let piece = next {
            noteHolds(place, piece)
            next = sources.first(from: piece.position + 1, of: pieces, notAt: place)
        }
    }

    /// Notes that a source does not have a piece that it was believed to have.
    mutating func noteLost(_ place: SourceIndex, _ piece: PieceIndex) {
        if sources.holds(piece, place) && !board.have.contains(piece) { inquiry.bereaved() }
        noteLacks(place, piece)
    }

    private mutating func noteLacks(_ place: SourceIndex, _ piece: PieceIndex) {
        let isMissing = !board.have.contains(piece)
        guard sources.noteLacks(place, piece, isMissing: isMissing) else { return }
        if !sources[place].isSeed { board.rarity.lower(piece) }
    }

    mutating func forgetHolds(_ place: SourceIndex) {
        let held = sources.pieces(at: place)
        var next = held.first()
        while let piece = next {
            noteLacks(place, piece)
            next = held.first(from: piece.position + 1)
        }
    }

    /// Labels are asked for in any case: they are no load for a link, so nobody offers them.
    mutating func turn(_ place: SourceIndex, to stance: Stance) {
        let isOpen = stance == .offering && geometry?.carriesBytes == false
        sources.turn(place, to: isOpen ? .open : stance)
        filling = .due
    }

    /// Handles a source that has left.
    mutating func left(_ source: Rank) {
        guard let place = sources.place(of: source) else { return }
        // A payload that it promised still comes, and its row must be there to count it.
        guard sources[place].outstanding > 0 else { return removeSource(place) }
        forgetHolds(place)
        turn(place, to: .choked)
        sources[place].hasLeft = true
    }

    func checkInvariants() {
        board.checkInvariants()
        guard let geometry else { return }
        board.checkInvariants(of: geometry.pieceCount)
        sources.checkInvariants(have: board.have)
        for piece in (0..<geometry.pieceCount).map({ PieceIndex($0) }) {
            let holders = sources.indices.count {
                !sources[$0].isSeed && sources.holds(piece, $0)
            }
            precondition(board.rarity.number(of: piece) == holders, "availability drifted")
        }
    }
}
