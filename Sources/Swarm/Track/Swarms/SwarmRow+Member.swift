import Vocabulary

extension SwarmRow {
    /// A rank of this group that wants a content, or has it.
    struct Member {
        let rank: Rank
        var isSeed: Bool
        /// Set while the member has no request in flight and knows no source of the pieces that it
        /// lacks.
        var stall: Stall?
        /// Whether the member has asked for the swarm. A member that only listed the content as
        /// wanted has not begun.
        var hasAsked = false
        /// Whether the member wants nothing more: it serves its pieces, and the tracker does not
        /// wait for it to stall.
        var isSettled = false
        /// Whether the member can read the source itself, and so pieces that no other rank sends.
        /// The tracker asks it for that a few times.
        var standsBy = false
        var rescues: UInt8 = 0
        var knowsSeal = false
        /// The publisher that the tracker reported to it, after the one that the manifest names.
        var publisher: Rank?
        /// Whether the member was asked for the table of a publisher that is gone.
        var wasWitness = false
        /// Whether a rank has complained of the member's messages or pieces.
        var isAccused = false
        /// Whether the member is accused and makes no progress. The swarm may be lost although it
        /// has not stalled: it may ask one rank after another, and none of them understands it.
        var isHopeless = false

        /// A member that has only listed a name does not know yet which content that is.
        var knowsContent: Bool { hasAsked || isSeed }

        /// Whether nobody waits for the member to stall.
        var isDiscounted: Bool { isHopeless && stall == nil }

        /// A member that was asked several times without success is not asked again.
        var isHelpful: Bool { rescues < SwarmRow.rescuesMax }

        /// Whether the member is stalled, and can read its missing pieces from the source itself.
        var canRead: Bool { standsBy && isHelpful && stall?.missing ?? 0 > 0 }

        /// Whether the member can read the source but waits for nothing. It keeps no copy, so it
        /// would have to read the whole source.
        var couldRead: Bool { standsBy && isHelpful && isSettled && !isSeed }
    }

    struct Stall: Equatable {
        let missing: UInt32
        /// Whether every member has reported its pieces to this one.
        var isCertain: Bool
        let fingerprint: UInt64
        let since: Tick
        /// The time of the member's last report. A member that has found something to fetch stops
        /// reporting.
        var renewedAt: Tick

        /// Whether the member lacks nothing but the table of a publisher, and can take its place.
        var mayPublish: Bool { missing == 0 && fingerprint != StallReport.inDoubt }

        /// A report counts for half a lease, in which a member that is still stalled has repeated
        /// it.
        func isCurrent(now: Tick, lease: Duration) -> Bool { now - renewedAt < lease / 2 }
    }
}
