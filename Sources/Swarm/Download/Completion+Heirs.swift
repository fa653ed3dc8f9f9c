import Vocabulary
import Wire

/// Contents that this rank does not own but knows, for an heir that tracks: an heir knows only
/// those contents that peers report.
extension Completion {
    var learnt: [FileListEntry] {
        guard mayInform else { return [] }
        return transfers.indices.compactMap { description(of: $0) ?? announcement(of: $0) }
    }

    private var mayInform: Bool { !rules.kind.isStanding && journal.isHeirTracking }

    private func description(of index: TransferIndex) -> FileListEntry? {
        guard case .want(let want) = transfers[index].purpose,
            let content = transfers[index].content, let geometry = transfers[index].geometry,
            let manifest = inventory.manifest(of: content)
        else { return nil }
        return .described(
            transfers.name(of: want), content, size: geometry.total,
            pieces: UInt32(geometry.pieceCount), manifest: manifest)
    }

    /// The content's length is in the manifest, which the store has not read yet. This entry keeps
    /// the heir from taking the name for unknown. A manifest that itself has to be fetched may
    /// never come, and is not announced.
    private func announcement(of index: TransferIndex) -> FileListEntry? {
        guard case .want(let want) = transfers[index].purpose, transfers[index].stage == .opening,
            let content = transfers[index].content,
            let manifest = inventory.manifest(of: content), manifest.nestedContent == nil
        else { return nil }
        return .reading(transfers.name(of: want), size: .zero)
    }

    /// Informs the heir once the store has read the manifest. This rank may be the first to
    /// describe the content, and becomes a member of its swarm before it reports its role there.
    mutating func informHeir(
        of index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard mayInform, let entry = description(of: index) else { return }
        report(entry, &effects)
        sourcing.askSwarm(index, &effects)
    }

    /// Withdraws the announcement of a transfer that fails before the store has read its manifest,
    /// so that the heir does not wait for it.
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
