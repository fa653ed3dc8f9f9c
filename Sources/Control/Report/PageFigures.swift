import Swarm
import Vocabulary
import Wire

/// The reports of ranks as a page draws them: seconds since all were admitted, and shares.
struct PageFigures {
    struct Peer {
        let name: String
        /// Seconds, and the share of what it needed that had arrived.
        let progress: [(at: Double, share: Double)]
        /// Seconds, and the bytes (or pieces) that had arrived.
        let arrivals: [(at: Double, amount: Double)]
        /// The peer that unchoked it, by number, and when.
        let turns: [(by: Int, from: Double, to: Double)]
        let wanted: Bool
        let isComplete: Bool
        /// The reason why it does not have all that it wanted.
        let failure: String?
        let pieces: UInt64
        let size: ByteCount
    }

    private(set) var peers: [Peer] = []
    /// Bytes, or pieces where pieces have none, from the row's peer to the column's.
    private(set) var given: [[Int64]]
    let countsBytes: Bool
    /// The moment of the last event that is shown.
    let end: Double

    init(_ rows: [PeerRow], _ names: RankNames) {
        let number = Dictionary(
            rows.enumerated().map { ($0.element.rank, $0.offset) }, uniquingKeysWith: { $1 })
        countsBytes = rows.contains { $0.report.totals.size > .zero }
        let isByBytes = countsBytes
        end =
            rows.flatMap(\.report.timeline).map { entry in
                switch entry {
                case .sample(let at, _, _): at.inSeconds
                case .turn(_, let from, let to): max(from.inSeconds, to?.inSeconds ?? 0)
                default: 0
                }
            }.max() ?? 0
        given = rows.map { _ in rows.map { _ in 0 } }
        for (receiver, row) in rows.enumerated() {
            peers.append(Peer(row, names, number, end: end, countsBytes: isByBytes))
            for case .link(_, let source, let pieces, let size) in row.report.links {
                guard let giver = number[source] else { continue }
                given[giver][receiver] += isByBytes ? size.raw : Int64(pieces)
            }
        }
    }

    var hasTurns: Bool { peers.contains { !$0.turns.isEmpty } }
    var hasProgress: Bool { peers.contains { !$0.progress.isEmpty } }
    var throughput: Throughput { Throughput(peers, end: end) }

    func amount(_ count: Int64) -> String {
        countsBytes ? ByteCount(count).words : "\(count)"
    }
}

extension PageFigures.Peer {
    fileprivate init(
        _ row: PeerRow, _ names: RankNames, _ number: [Rank: Int], end: Double,
        countsBytes: Bool
    ) {
        name = names[row.rank]
        wanted = row.wanted > 0
        isComplete =
            row.listing.isComplete && Int(row.report.totals.delivered) == row.wanted && !row.isLoss
        var reason = row.trouble.isEmpty ? nil : row.trouble
        for case .failure(_, let why) in row.report.failures where reason == nil {
            reason = why.words
        }
        failure = row.isLoss ? "it was lost" : reason
        pieces = row.report.totals.pieces
        size = row.report.totals.size
        let needed = Double(max(row.report.totals.needed.raw, 1))
        let total = Double(max(row.report.totals.pieces, 1))
        let isByBytes = row.report.totals.needed > .zero
        var points: [(at: Double, share: Double)] = []
        var arrived: [(at: Double, amount: Double)] = []
        var spells: [(by: Int, from: Double, to: Double)] = []
        for entry in row.report.timeline {
            switch entry {
            case .sample(let at, let pieces, let size):
                let share = isByBytes ? Double(size.raw) / needed : Double(pieces) / total
                points.append((at.inSeconds, min(1, share)))
                arrived.append((at.inSeconds, countsBytes ? Double(size.raw) : Double(pieces)))
            case .turn(let by, let from, let to):
                guard let place = number[by] else { continue }
                spells.append((place, from.inSeconds, to?.inSeconds ?? end))
            case .totals, .link, .failure, .answer, .manifests, .differences, .difference, .work:
                break
            }
        }
        progress = points
        arrivals = arrived
        turns = spells
    }
}
