import Swarm
import Vocabulary
import Wire

/// A downloader that fetches one long content from two sources.
struct ProbedDownloader {
    private static let content = ContentID(high: 7, low: 7)
    private static let sources = [Rank(1), Rank(2)]

    private var downloader: Downloader
    private var effects = Effects<DownloaderEffect>()
    private var requests: [(piece: UInt32, number: RequestNumber, source: Rank)] = []
    private var now = Tick.zero

    init(pieceCount: Int) {
        var share = Share()
        do throws(PathError) { share.wants = [try RelativePath("a")] } catch {
            preconditionFailure("a is a name")
        }
        downloader = Downloader(
            rules: DownloaderRules(tracker: .first), rank: Rank(9), share: share, now: now,
            effects: &effects)
        guard
            let geometry = Geometry(
                total: ByteCount(Int64(pieceCount) * 10), pieceLength: ByteCount(10))
        else { preconditionFailure("ten bytes are a piece") }
        var tail: [UInt8] = []
        MemberList(seeds: Self.sources, peers: []).write(to: &tail)
        tail += Descriptor(inline: [1]).bytes
        let isRight =
            hear(.fileListRequest, from: .first) && hear(.joinAck(peers: 3), from: .first)
            && hear(
                .swarm(Self.content, want: WantNumber(0), seeds: 2, peers: 0), tail: tail,
                from: .first)
        precondition(isRight, "the tracker is understood")
        downloader.stored(
            .opened(Self.content, OpenedContent(geometry)), now: now, effects: &effects)
        for source in Self.sources {
            _ = hear(.unchoke(offers: false), from: source)
        }
        drain()
    }

    /// Requests what it may, and gets one piece. False where it asked for none.
    mutating func getPiece() -> Bool {
        now = now + .milliseconds(1)
        downloader.stepEnded(now: now, effects: &effects)
        drain()
        guard let request = requests.popLast() else { return false }
        let ack = DownloadMessage.ack(
            Self.content, piece: request.piece, run: 1, request: request.number)
        guard hear(ack, from: request.source) else { return false }
        downloader.payloadArrived(request.number, byteCount: 10, now: now, effects: &effects)
        guard let piece = PieceIndex(request.piece, below: .max) else { return false }
        downloader.stored(.kept(piece, of: Self.content), now: now, effects: &effects)
        downloader.timeout(now: now, effects: &effects)
        return true
    }

    private mutating func hear(
        _ message: DownloadMessage, tail: [UInt8] = [], from rank: Rank
    ) -> Bool {
        do throws(WireError) {
            try unsafe downloader.received(
                message, tail: tail.span.bytes, from: rank, now: now, effects: &effects)
            return true
        } catch { return false }
    }

    private mutating func drain() {
        var place = 0
        while place < effects.list.count {
            if case .send(.upload(.request(_, let piece, _, let number, _)), _, let rank) =
                effects.list[place]
            {
                requests.append((piece, number, rank))
            }
            place += 1
        }
        effects.removeAll()
    }
}
