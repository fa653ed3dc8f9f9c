import Vocabulary
import Wire

/// Answers to peers and trackers that ask which contents exist.
extension Tracker {
    /// Sends the catalog, at once or when the other groups have answered.
    mutating func catalogRequested(
        from: UInt32, by index: Int, now: Tick, effects: inout Effects<TrackerEffect>
    ) {
        // Later pages belong to the same catalog as the first.
        guard from == 0, !isFresh(.catalog, now: now) else {
            return sendCatalog(from: from, to: index, &effects)
        }
        let waiter = PendingQuery.Waiter(
            peer: index, want: WantNumber(0), needsManifest: false, isAnswered: false)
        guard ask(.catalog, for: waiter, now: now, &effects) else {
            return sendCatalog(from: 0, to: index, &effects)
        }
    }

    mutating func sendCatalog(
        from: UInt32, to index: Int, _ effects: inout Effects<TrackerEffect>
    ) {
        let begun = from == 0 ? nil : listings[index]
        let known = begun ?? remoteCatalog.merged(with: ownCatalog)
        let (tail, entries, isLast) = page(of: known, from: Int(from), &effects)
        // Other groups' contents come and go, and pages of different states would not fit together.
        listings[index] = isLast || overlay == nil ? nil : known
        let message = DownloadMessage.catalog(from: from, entries: entries, isLast: isLast)
        effects.append(.send(.download(message), tail, to: peers[index].rank))
    }

    /// Sends the catalog of this group to another tracker, in as many pages as it needs.
    func sendCatalogHits(
        _ id: QueryID, to rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        let entries = ownCatalog
        var sent = 0
        while true {
            let (tail, count, isLast) = page(of: entries, from: sent, &effects)
            sent += Int(count)
            let hit = OverlayMessage.catalogHit(
                id, responder: rules.rank, entries: count, isLast: isLast)
            effects.append(.send(.overlay(hit), tail, to: rank))
            guard !isLast else { return }
        }
    }

    /// The contents of this group, and its files that are still being digested.
    private var ownCatalog: [CatalogEntry] {
        var sizes: [RelativePath: ByteCount] = [:]
        var readers: [RelativePath: UInt32] = [:]
        for peer in peers where !peer.isGone && !peer.reading.isEmpty {
            for (name, size) in peer.reading {
                sizes[name] = size
                readers[name, default: 0] += 1
            }
        }
        return catalog.entries
            + sizes.keys.sorted().map { name in
                CatalogEntry(
                    name: name, content: .none, size: sizes[name] ?? .zero, pieces: 0, seeds: 0,
                    peers: readers[name] ?? 0)
            }
    }

    private func page(
        of entries: [CatalogEntry], from: Int, _ effects: inout Effects<TrackerEffect>
    ) -> (tail: Tail, entries: UInt32, isLast: Bool) {
        let rows = entries.dropFirst(from)
        var count: UInt32 = 0
        let tail = effects.tail { bytes in
            let start = bytes.count
            for entry in rows {
                guard bytes.count - start + Self.catalogEntryMax <= Head.tailMax else { break }
                entry.write(to: &bytes)
                count += 1
            }
        }
        return (tail, count, Int(count) == rows.count)
    }

    mutating func catalogLearned(
        _ id: QueryID, _ responder: Rank, _ count: UInt32, isLast: Bool, _ tail: RawSpan
    ) throws(WireError) {
        let entries = try CatalogEntry.reading(tail, count: count)
        guard let place = overlay?.place(of: id) else { return }
        remoteCatalog.learned(entries, atMost: overlay?.rules.catalogEntriesMax ?? 0)
        if isLast { overlay?.answered(place, by: responder) }
    }

    /// The length of the longest name and of the numbers that follow it.
    private static var catalogEntryMax: Int { RelativePath.byteCountMax + 64 }
}

extension Catalog {
    /// The contents that a peer of this group has or wants.
    fileprivate var entries: [CatalogEntry] {
        swarms.flatMap { row in
            row.members.isEmpty && row.remote.count > 0
                ? [] : row.listedNames.map { CatalogEntry(row, named: $0) }
        }
    }
}

extension CatalogEntry {
    fileprivate init(_ row: SwarmRow, named name: RelativePath) {
        let seeds = row.members.count { $0.isSeed }
        self.init(
            name: name, content: row.content, size: row.size, pieces: row.pieces,
            seeds: UInt32(seeds), peers: UInt32(row.members.count - seeds))
    }
}
