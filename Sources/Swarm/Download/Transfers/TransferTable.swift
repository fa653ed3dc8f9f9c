import Vocabulary
import Wire

/// All transfers, and the contents that they fetch.
///
/// Invariant: a want and its transfer have the same number, so a row keeps its place while the rank
/// runs.
struct TransferTable: Sendable {
    private(set) var rows = Table<TransferIndex, Transfer>()
    /// The wanted names, by the number of the want.
    private(set) var wants: [RelativePath]
    private var places = ContentIndex()
    /// The wants to which the store is giving their files. Their numbers are in use until it has
    /// answered, whatever becomes of the transfers.
    private var naming: Set<WantNumber> = []

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

    mutating func change<Outcome>(
        _ index: TransferIndex, _ body: (inout Transfer) -> Outcome
    ) -> Outcome { rows.change(index, body) }

    func index(of content: ContentID) -> TransferIndex? {
        places[content].map { TransferIndex($0) }
    }

    mutating func bind(_ content: ContentID, to index: TransferIndex) {
        places[content] = index.position
    }

    /// Removes the binding of a content, if it is bound to this transfer.
    mutating func unbind(_ content: ContentID, from index: TransferIndex) {
        if places[content] == index.position { places[content] = nil }
    }

    /// Whether the wants that it waits for are over: only the last one waits.
    func mayBegin(_ index: TransferIndex) -> Bool {
        onlyHelps(index) || indices.allSatisfy { $0 == index || rows[$0].isOver }
    }

    /// Whether it is a want before the last one.
    func onlyHelps(_ index: TransferIndex) -> Bool { index.position < wants.count - 1 }

    func name(of want: WantNumber) -> RelativePath { wants[want.position] }

    mutating func beganNaming(_ want: WantNumber) { naming.insert(want) }

    mutating func endedNaming(_ want: WantNumber) { naming.remove(want) }

    /// Whether the store is giving a want its file.
    func isBeingNamed(_ index: TransferIndex) -> Bool {
        guard case .want(let want) = rows[index].purpose else { return false }
        return naming.contains(want)
    }

    /// The transfer of a want; nil if there is no want of that number.
    func index(of want: WantNumber) -> TransferIndex? {
        want.position < wants.count ? TransferIndex(want) : nil
    }

    /// Begins a transfer for an order, which replaces an earlier one or comes last.
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

    /// Begins a transfer for a manifest, which is a content of its own that the same ranks have.
    mutating func addManifest(_ content: ContentID, of outer: TransferIndex, isLive: Bool) {
        var inner = Transfer(purpose: .manifest(of: outer))
        inner.content = content
        inner.sources.members = rows[outer].sources.members
        inner.stage = .opening
        // Wants and transfers keep the same numbers for the orders to come.
        if isLive { wants.append(wants[outer.position]) }
        bind(content, to: rows.endIndex)
        rows.append(inner)
    }

    func manifest(of outer: TransferIndex) -> TransferIndex? {
        rows.firstIndex { $0.purpose == .manifest(of: outer) }
    }

    var areOver: Bool { rows.allSatisfy(\.isOver) }

    /// The transfer for which a manifest is fetched, or this one.
    func outer(of index: TransferIndex) -> TransferIndex {
        guard case .manifest(of: let parent) = rows[index].purpose else { return index }
        return parent
    }

    /// Whether another transfer waits for the result of this one.
    func isAwaited(_ index: TransferIndex) -> Bool {
        rows.contains {
            !$0.isOver && ($0.purpose == .manifest(of: index) || $0.stage == .sharing(with: index))
        }
    }

    /// An order that names one source binds the fetching of its manifest too.
    func maySend(_ index: TransferIndex, _ member: Rank) -> Bool {
        guard let source = rows[outer(of: index)].order?.source else { return true }
        return source == member
    }

    /// The failures of files, and the amounts that each source gave.
    func reportEntries(onlyLastMatters: Bool) -> [ReportEntry] {
        var entries: [ReportEntry] = []
        for transfer in rows {
            guard case .want(let want) = transfer.purpose else { continue }
            let matters = !onlyLastMatters || !onlyHelps(TransferIndex(want))
            if matters, case .failed(let reason) = transfer.stage {
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
