import Vocabulary
import Wire

/// The lists of the group's peers, and the progress of the job as far as their stages show it.
extension Membership {
    /// Returns false for an entry beyond the peer's limit, which is ignored.
    mutating func note(_ entry: FileListEntry, of index: Int) -> Bool {
        guard self[index].listing.note(entry, atMost: rules.entriesPerPeerMax) else { return false }
        switch entry {
        case .wanted(let name): if !rules.isAlone { noteWanter(index, of: name) }
        case .reading: noteReader(index)
        case .owned, .described, .host, .gone, .notReading: break
        }
        return true
    }

    mutating func looked(_ index: Int) {
        self[index].listing.hasLooked = true
        noteChange()
    }

    mutating func finished(_ index: Int) {
        self[index].isDone = true
        if self[index].stage == .joined { move(index, to: .finished) }
    }

    /// The files that peers are still digesting, in order.
    var filesBeingRead: [CatalogEntry] {
        var sizes: [RelativePath: ByteCount] = [:]
        var readers: [RelativePath: UInt32] = [:]
        for peer in rows where !peer.isGone && !peer.listing.reading.isEmpty {
            for (name, size) in peer.listing.reading {
                sizes[name] = size
                readers[name, default: 0] += 1
            }
        }
        return sizes.keys.sorted().map { name in
            CatalogEntry(
                name: name, content: .none, size: sizes[name] ?? .zero, pieces: 0, seeds: 0,
                peers: readers[name] ?? 0)
        }
    }

    var roll: [RollEntry] {
        rows.map {
            RollEntry(rank: $0.rank, presence: $0.presence(awaitsLook: rules.kind.isStanding))
        }
    }

    var livingCount: Int { rows.count - count(.lost) }

    /// Whether every peer has sent its list, or is gone.
    var areAllListed: Bool { count(.listed, .refused, .closed, .lost) == rows.count }

    var areAllGone: Bool { count(.closed, .lost) == rows.count }

    /// Whether no peer wants anything more.
    var isIdle: Bool {
        rules.kind.isStanding
            ? count(.lost) == rows.count : count(.finished, .closed, .lost) == rows.count
    }

    /// The phase of this group, which the root has to know.
    var phase: Groups.Phase {
        switch stage {
        case .gathering: areAllListed ? .ready : .working
        case .running: isIdle ? .done : .working
        case .closing: areAllGone ? .closed : .working
        case .over: .closed
        }
    }
}
