import Vocabulary

/// Handles reports of the trackers of other groups.
extension SwarmRow {
    /// Notes the members of another group. Returns true if a member or a seed is new.
    mutating func learned(_ group: RemoteMembers.Group, atMost most: Int) -> Bool {
        let hadSeeds = remote.seedCount
        let isNew = remote.learned(group, atMost: most)
        // Members that had stalled may find their missing pieces at the new seed.
        if remote.seedCount > hadSeeds { forgetStalls() }
        return isNew
    }

    /// Notes peers that want this content, in groups that do not have it. Returns true if some are
    /// new.
    mutating func learned(
        _ wanters: [PendingQuery.Wanters], leaseEnd: Tick, atMost most: Int
    ) -> Bool {
        var areNew = false
        for group in wanters where !remote.knows(group.tracker) {
            let isNew = remote.learned(
                RemoteMembers.Group(
                    tracker: group.tracker, members: group.members, isAlive: false,
                    isActive: false, isStalled: false, leaseEnd: leaseEnd),
                atMost: most)
            areNew = areNew || isNew
        }
        return areNew
    }
}
