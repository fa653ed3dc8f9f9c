import Vocabulary

/// Which of its names a content still has.
extension SwarmRow {
    /// Whether a rank of this group has it under that name: as its owner, or because it fetched the
    /// content, to wherever, while that was its name.
    func standsHere(for name: RelativePath) -> Bool {
        names.isOwned(as: name) || seedCount > names.ownerCount
    }

    /// The same of all groups. What names the ranks of other groups have for it is not known.
    func stands(for name: RelativePath) -> Bool {
        standsHere(for: name) || remote.seedCount > 0
    }

    /// Under which names it is listed. A content that is only waited for keeps all of them.
    var listedNames: [RelativePath] {
        seedCount == 0 ? names.all : names.all.filter(standsHere)
    }

    /// Its first owner has it no more under that name.
    func isOrphan(as name: RelativePath) -> Bool {
        let first = names.lowestOwner(as: name)
        guard isMember(first) else { return !remote.isSeed(first) }
        return !names.isOwner(first, as: name) && (names.isOwner(first) || !isSeed(first))
    }

    /// An owner has it under that name no more; it may have it under another.
    mutating func withdraw(_ name: RelativePath, by owner: Rank) {
        names.leave(owner, as: name)
        if !names.isOwner(owner) { leave(owner) }
    }
}
