import Vocabulary

/// The names under which a content can still be obtained.
extension SwarmRow {
    /// Whether a rank of this group has the content under that name: as its owner, or because it
    /// fetched the content, to any path, while that was its name.
    func standsHere(for name: RelativePath) -> Bool {
        names.isOwned(as: name) || seedCount > names.ownerCount
    }

    /// Whether a rank of any group may have the content under that name. The names under which
    /// ranks of other groups have it are unknown.
    func stands(for name: RelativePath) -> Bool {
        standsHere(for: name) || remote.seedCount > 0
    }

    /// The names under which the catalog lists it. A content that has no seed, and is only waited
    /// for, keeps all of its names.
    var listedNames: [RelativePath] {
        seedCount == 0 ? names.all : names.all.filter(standsHere)
    }

    /// Whether the lowest owner no longer has the content under that name.
    func isOrphan(as name: RelativePath) -> Bool {
        let first = names.lowestOwner(as: name)
        guard isMember(first) else { return !remote.isSeed(first) }
        return !names.isOwner(first, as: name) && (names.isOwner(first) || !isSeed(first))
    }

    /// Removes one name of an owner, which may have the content under another name too.
    mutating func withdraw(_ name: RelativePath, by owner: Rank) {
        names.leave(owner, as: name)
        if !names.isOwner(owner) { leave(owner) }
    }
}
