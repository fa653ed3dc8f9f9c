import Vocabulary

/// The names under which its owners have one content, in the order in which they were learned. The
/// same bytes under several names are one content; an empty file may have thousands of names.
///
/// Invariant: `places[row.name]` is the row's place, and `nameCounts[rank]` is the number of rows
/// that have that rank as an owner, never 0.
struct ContentNames {
    private struct Row {
        let name: RelativePath
        /// The lowest peer that ever owned the content under this name. It decides which of several
        /// contents the name stands for.
        var lowestOwner: Rank
        var owners: Set<Rank> = []
    }

    private var rows: [Row] = []
    private var places: [RelativePath: Int] = [:]
    private var nameCounts: [Rank: Int] = [:]

    init(_ name: RelativePath, lowestOwner: Rank) { learn(name, lowestOwner: lowestOwner) }

    var all: [RelativePath] { rows.map(\.name) }
    var first: RelativePath { rows[0].name }
    var count: Int { rows.count }

    /// The number of ranks that own the content under at least one name.
    var ownerCount: Int { nameCounts.count }

    func contains(_ name: RelativePath) -> Bool { places[name] != nil }

    func isOwned(as name: RelativePath) -> Bool {
        places[name].map { !rows[$0].owners.isEmpty } ?? false
    }

    func isOwner(_ rank: Rank, as name: RelativePath) -> Bool {
        places[name].map { rows[$0].owners.contains(rank) } ?? false
    }

    func isOwner(_ rank: Rank) -> Bool { nameCounts[rank] != nil }

    /// The lowest owner under a name; for an unknown name it is `Rank(.max)`, which precedes no
    /// rank.
    func lowestOwner(as name: RelativePath) -> Rank {
        places[name].map { rows[$0].lowestOwner } ?? Rank(.max)
    }

    mutating func learn(_ name: RelativePath, lowestOwner: Rank) {
        guard let place = places[name] else {
            places[name] = rows.count
            return rows.append(Row(name: name, lowestOwner: lowestOwner))
        }
        rows[place].lowestOwner = min(rows[place].lowestOwner, lowestOwner)
    }

    /// Adds an owner of a name that is already known.
    mutating func enter(_ owner: Rank, as name: RelativePath) {
        guard let place = places[name] else { return }
        if rows[place].owners.insert(owner).inserted { nameCounts[owner, default: 0] += 1 }
    }

    mutating func leave(_ owner: Rank, as name: RelativePath) {
        guard let place = places[name], rows[place].owners.remove(owner) != nil,
            let count = nameCounts[owner]
        else { return }
        nameCounts[owner] = count == 1 ? nil : count - 1
    }

    mutating func leave(_ owner: Rank) {
        guard nameCounts.removeValue(forKey: owner) != nil else { return }
        for place in rows.indices { rows[place].owners.remove(owner) }
    }

    /// Keeps the names for which `stands` is true, or the first name if there are none.
    mutating func prune(_ stands: (RelativePath) -> Bool) {
        let kept = rows.filter { stands($0.name) }
        rows = kept.isEmpty ? [rows[0]] : kept
        places.removeAll(keepingCapacity: true)
        for (place, row) in rows.enumerated() { places[row.name] = place }
    }

    func checkInvariants() {
        precondition(!rows.isEmpty, "a content has a name")
        precondition(places.count == rows.count, "a content has a name twice")
        var counts: [Rank: Int] = [:]
        for (place, row) in rows.enumerated() {
            precondition(places[row.name] == place, "a name's place drifted")
            for owner in row.owners { counts[owner, default: 0] += 1 }
        }
        precondition(counts == nameCounts, "the count of a rank's names drifted")
    }
}
