import Vocabulary
import Wire

/// What this rank has learnt of contents that it does not own, for an heir that tracks: it knows of
/// a content only what peers report.
extension Completion {
    var learnt: [FileListEntry] {
        guard mayInform else { return [] }
        return transfers.indices.compactMap { description(of: $0) ?? announcement(of: $0) }
    }

    private var mayInform: Bool { !rules.isLive && journal.isHeirTracking }

    private func description(of index: TransferIndex) -> FileListEntry? {
        guard case .want(let want) = transfers[index].purpose,
            let content = transfers[index].content, let geometry = transfers[index].geometry,
            let manifest = inventory.manifest(of: content)
        else { return nil }
        return .described(
            transfers.name(of: want), content, size: geometry.total,
            pieces: UInt32(geometry.pieceCount), manifest: manifest)
    }

    /// How long it is stands in the manifest, which the store has not read yet: the heir must not
    /// take the name for unknown meanwhile. A manifest that is fetched itself may never come.
    private func announcement(of index: TransferIndex) -> FileListEntry? {
        guard case .want(let want) = transfers[index].purpose, transfers[index].stage == .opening,
            let content = transfers[index].content,
            let manifest = inventory.manifest(of: content), manifest.nestedContent == nil
        else { return nil }
        return .reading(transfers.name(of: want), size: .zero)
    }

    /// The store has read the manifest. This rank may be the first to describe the content, and
    /// becomes a member of its swarm before it reports its role there.
    mutating func informHeir(
        of index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard mayInform, let entry = description(of: index) else { return }
        report(entry, &effects)
        sourcing.askSwarm(index, &effects)
    }

    /// It fails before the store has read the manifest: the heir has nothing to wait for.
    func disappointHeir(of index: TransferIndex, _ effects: inout Effects<DownloaderEffect>) {
        guard mayInform, announcement(of: index) != nil,
            case .want(let want) = transfers[index].purpose
        else { return }
        report(.notReading(transfers.name(of: want)), &effects)
    }

    private func report(_ entry: FileListEntry, _ effects: inout Effects<DownloaderEffect>) {
        var pages = Pages<FileListEntry>()
        pages.append(entry)
        journal.reportUpdate(pages, &effects)
    }
}
