import Vocabulary
import Wire

/// Inspects messages before a dishonest endpoint spoils them, because the node behind that endpoint
/// is honest.
extension NetworkState {
    mutating func inspect(
        _ message: RawSpan, from source: Rank, to destination: Rank, tag: Tag
    ) {
        do throws(WireError) {
            let tail = message.extracting(min(Head.byteCount, message.byteCount)...)
            switch try Message(parsing: message, tag: tag) {
            case .download(let message): try inspect(message, tail, source, destination)
            case .upload(.piecesQuery(let content, let first, let count)):
                try inspect(bits: tail, first, count, of: content, source, destination)
            case .tracker(.seal(let content)):
                contentTable.seal(content, PieceDigest(try tail.readBytes(tail.byteCount)))
            case .tracker, .upload, .overlay: break
            }
        } catch {
            watch?.note(.saidNonsense(by: source))
        }
    }

    private mutating func inspect(
        _ message: DownloadMessage, _ tail: RawSpan, _ source: Rank, _ destination: Rank
    ) throws(WireError) {
        switch message {
        case .bitfield(let content, let first, let count, let stance):
            watch?.told(stance == .choked, by: source, to: destination)
            try inspect(bits: tail, first, count, of: content, source, destination)
        case .holding(let content, let first, let count, _) where count > 0:
            try inspect(bits: tail, first, count, of: content, source, destination)
        case .choke: watch?.told(true, by: source, to: destination)
        case .unchoke: watch?.told(false, by: source, to: destination)
        case .have(let content, let count), .offer(let content, _, let count, _):
            guard let geometry = contentTable.geometryOfBytes(content) else { return }
            for piece in try tail.readPieces(count: count, below: geometry.pieceCount) {
                announced(piece, of: content, source, destination)
            }
        case .ack(let content, let piece, _, _):
            guard let geometry = contentTable.geometryOfBytes(content),
                let piece = PieceIndex(piece, below: geometry.pieceCount)
            else { return }
            announced(piece, of: content, source, destination)
        case .swarmLost(let content, _): countedLost(content, by: source, at: destination)
        case .fileListRequest, .joinAck, .aliveAck, .leaveAck, .catalog, .swarm, .swarmUnknown,
            .seal, .table, .nack, .gone, .listRequest, .order, .publisher, .readRest,
            .room, .roll, .withdrawn, .claim, .holding, .offerWithdrawn:
            break
        }
    }

    /// A content that a sound rank can serve is not lost to another sound rank.
    private mutating func countedLost(_ content: ContentID, by tracker: Rank, at rank: Rank) {
        guard let watch, watch.sharesAll, watch.accountsFor(rank, at: tracker) else { return }
        let isHeld = disks.indices.contains { other in
            watch.isSound(other) && endpoints.isOpen(ends.upload(of: other))
                && disks[other].kept(of: content)?.isFull == true
                && (contentTable.isProvenFromStart(content) || finishes.hasFinished(other))
                && contentTable.isAsSealed(content, at: disks[other])
        }
        if isHeld { self.watch?.note(.countedLost(at: rank)) }
    }

    private mutating func inspect(
        bits tail: RawSpan, _ first: UInt32, _ count: UInt32, of content: ContentID,
        _ source: Rank, _ destination: Rank
    ) throws(WireError) {
        guard count > 0, let geometry = contentTable.geometryOfBytes(content) else { return }
        var pieces = PieceSet(none: geometry.pieceCount)
        try pieces.insert(bits: tail, first: first, count: count)
        var next = pieces.first()
        while let piece = next {
            announced(piece, of: content, source, destination)
            next = pieces.first(from: piece.position + 1)
        }
    }

    /// A send slot may be taken back from a receiver that is stopped or dead, so payloads to ranks
    /// that ever were either do not count.
    mutating func inspectPayload(from source: Rank, to destination: Rank) {
        var underWay = 0
        flows.receivers(of: Int(source.raw)) {
            if watch?.wasStruck[$0] == false { underWay += 1 }
        }
        watch?.sending(from: source, to: destination, underWay: underWay)
    }

    private mutating func announced(
        _ piece: PieceIndex, of content: ContentID, _ source: Rank, _ destination: Rank
    ) {
        guard !disks[Int(source.raw)].mayAnnounce(piece, of: content) else { return }
        watch?.note(.announcedUnkept(piece, by: source, to: destination))
    }
}
