import Vocabulary

/// The reports of a rank's disk to its download thread, in the order of their times: a disk does
/// one thing after the other.
final class SimulatedAnswers {
    /// The change of the disk that becomes true when the report is taken.
    enum Deed {
        case keeps(PieceIndex, of: ContentID, version: UInt32)
        /// The copy of a content gets its name.
        case names(ContentID)
    }

    private struct Row {
        let due: Tick
        let event: StoreEvent
        var deed: Deed?
    }

    private let network: SimulatedNetwork
    private let rank: Rank
    private let end: UInt32
    private var rows: [Row] = []
    private var first = 0

    init(_ network: SimulatedNetwork, _ rank: Rank) {
        self.network = network
        self.rank = rank
        end = network.state.ends.download(of: Int(rank.raw))
    }

    func put(_ event: StoreEvent, at due: Tick? = nil, deed: Deed? = nil) {
        let due = max(due ?? network.state.now, rows.last?.due ?? .zero)
        rows.append(Row(due: due, event: event, deed: deed))
        network.state.diskWillDo(end, at: due)
    }

    /// A report from the upload thread, whose steps do not collect reports.
    func putForOther(_ event: StoreEvent) {
        put(event)
        network.state.endpoints.markReady(end)
    }

    /// Cancels the writes of a piece that are not done yet.
    func callOff(_ piece: PieceIndex, of content: ContentID) {
        for place in rows.indices where place >= first {
            if case .keeps(piece, content, _) = rows[place].deed { rows[place].deed = nil }
        }
    }

    /// Whether the piece is being written.
    func willKeep(_ piece: PieceIndex, of content: ContentID) -> Bool {
        rows[first...].contains {
            if case .keeps(piece, content, _) = $0.deed { true } else { false }
        }
    }

    func next() -> StoreEvent? {
        guard network.state.endpoints.hasDiskNews(end) else { return nil }
        let row = rows[first]
        first += 1
        if first == rows.count {
            rows.removeAll(keepingCapacity: true)
            first = 0
        }
        network.state.endpoints.takeDiskNews(end)
        switch row.deed {
        case .keeps(let piece, let content, let version):
            network.state.disks[Int(rank.raw)].keep(piece, of: content, version: version)
        case .names(let content): network.state.wantFinished(content, by: rank)
        case nil: break
        }
        return row.event
    }
}
