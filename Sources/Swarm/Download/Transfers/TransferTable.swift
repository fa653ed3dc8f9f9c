import Vocabulary
import Wire

/// All transfers, and which of them fetches a content.
///
/// Invariant: wants and their transfers go by the same numbers, so that a row keeps its place for
/// as long as the rank runs.
struct TransferTable: Sendable {
    private(set) var rows = Table<TransferIndex, Transfer>()
    /// What is wanted, by the number of the want.
    private(set) var wants: [RelativePath]
    private var places = ContentIndex()

    init(wants: [RelativePath]) {
        self.wants = wants
        for want in wants.indices {
            rows.append(Transfer(purpose: .want(WantNumber(UInt32(want)))))
        }
    }

    var count: Int { rows.count }
    var indices: Range<TransferIndex> { rows.startIndex..<rows.endIndex }

    subscript(index: TransferIndex) -> Transfer {
        _read { yield rows[index] }
        _modify { yield &rows[index] }
    }

    func index(of content: ContentID) -> TransferIndex? {
        places[content].map { TransferIndex($0) }
    }

    mutating func bind(_ content: ContentID, to index: TransferIndex) {
        places[content] = index.position
    }

    /// Nothing fetches that content any more, if this one did.
    mutating func unbind(_ content: ContentID, from index: TransferIndex) {
        if places[content] == index.position { places[content] = nil }
    }

    func name(of want: WantNumber) -> RelativePath { wants[want.position] }

    /// Nil where nothing was wanted by that number.
    func index(of want: WantNumber) -> TransferIndex? {
        want.position < wants.count ? TransferIndex(want) : nil
    }

    /// One transfer for each order, in the place of an earlier one or behind all.
    mutating func begin(_ order: GetOrder, at index: TransferIndex?) {
        let index = index ?? rows.endIndex
        var transfer = Transfer(purpose: .want(WantNumber(UInt32(index.position))))
        transfer.order = order
        guard index < rows.endIndex else {
            rows.append(transfer)
            return wants.append(order.name)
        }
        rows[index] = transfer
        wants[index.position] = order.name
    }

    /// The manifest of a transfer is a content of its own, which the same ranks have.
    mutating func addManifest(_ content: ContentID, of outer: TransferIndex, isLive: Bool) {
        var inner = Transfer(purpose: .manifest(of: outer))
        inner.content = content
        inner.sources.members = rows[outer].sources.members
        inner.stage = .opening
        // Orders go on giving numbers behind it.
        if isLive { wants.append(wants[outer.position]) }
        bind(content, to: rows.endIndex)
        rows.append(inner)
    }

    func manifest(of outer: TransferIndex) -> TransferIndex? {
        rows.firstIndex { $0.purpose == .manifest(of: outer) }
    }

    var areOver: Bool { rows.allSatisfy(\.isOver) }

    /// The transfer that a manifest is fetched for, or this one.
    func outer(of index: TransferIndex) -> TransferIndex {
        guard case .manifest(of: let parent) = rows[index].purpose else { return index }
        return parent
    }

    /// Whether some transfer waits for what becomes of this one.
    func isAwaited(_ index: TransferIndex) -> Bool {
        rows.contains {
            !$0.isOver && ($0.purpose == .manifest(of: index) || $0.stage == .sharing(with: index))
        }
    }

    /// An order for one source binds the manifest that it needs as well.
    func maySend(_ index: TransferIndex, _ member: Rank) -> Bool {
        guard let source = rows[outer(of: index)].order?.source else { return true }
        return source == member
    }

    /// What each file came to, and which source gave how much of it.
    var reportEntries: [ReportEntry] {
        var entries: [ReportEntry] = []
        for transfer in rows {
            guard case .want(let want) = transfer.purpose else { continue }
            if case .failed(let reason) = transfer.stage {
                entries.append(.failure(wants[want.position], reason))
            }
            for source in transfer.sources.list where source.piecesGiven > 0 {
                entries.append(
                    .link(
                        want, source: source.rank, pieces: UInt32(source.piecesGiven),
                        size: source.bytesGiven))
            }
        }
        return entries
    }
}
