import Vocabulary
import Wire

/// The lists that peers may ask for: the contents and the ranks of the whole job. Those of other
/// groups are as their trackers last reported them.
struct JobLists: Sendable {
    private let rules: TrackerRules
    private var catalog = RemoteCatalog()
    private var peers = RemotePeerList()
    /// The catalogs that peers are reading page by page, by row. Each peer reads its own copy,
    /// because the contents of other groups change, and pages of different states would not fit
    /// together.
    private(set) var readings: [Int: [CatalogEntry]] = [:]

    init(_ rules: TrackerRules) { self.rules = rules }

    /// Notes that a query to the other groups has begun.
    mutating func begin(_ key: OverlayKey) {
        switch key {
        case .catalog: catalog.begin()
        case .roll: peers.begin()
        case .name, .content: break
        }
    }

    /// Notes that the other groups have answered, or have had time to.
    mutating func end(_ key: OverlayKey) {
        switch key {
        case .catalog: catalog.end()
        case .roll: peers.end()
        case .name, .content: break
        }
    }

    mutating func learned(_ entries: [CatalogEntry]) {
        catalog.learned(entries, atMost: rules.overlay.catalogEntriesMax)
    }

    mutating func learned(_ entries: [RollEntry]) {
        peers.learned(entries, atMost: 2 * rules.peerCount)
    }

    /// The catalog that the peer is reading; nil if it only begins to read.
    func catalog(from entry: UInt32, for index: Int) -> [CatalogEntry]? {
        entry == 0 ? nil : readings[index]
    }

    /// The contents of the whole job.
    func contents(_ own: [CatalogEntry]) -> [CatalogEntry] { catalog.merged(with: own) }

    mutating func send(
        _ known: [CatalogEntry], from: UInt32, to index: Int, _ rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let (tail, entries, isLast) = known.page(from: Int(from), &effects)
        readings[index] = isLast || rules.isAlone ? nil : known
        let message = DownloadMessage.catalog(from: from, entries: entries, isLast: isLast)
        effects.append(.send(.download(message), tail, to: rank))
    }

    /// Forgets the catalog of a peer that is gone.
    mutating func forget(_ index: Int) { readings[index] = nil }

    /// All ranks of the job, in order.
    func ranks(_ own: [RollEntry]) -> [RollEntry] {
        guard !rules.isAlone else { return own }
        let first = rules.firstPeer.raw
        return peers.merged(with: own, first..<first + Int32(rules.peerCount))
    }
}
